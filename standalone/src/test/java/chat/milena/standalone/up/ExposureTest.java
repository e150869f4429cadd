package chat.milena.standalone.up;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.standalone.broker.ElsewhereListener;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1"})
    void loopbackNeedsNoWarning(String address) {
        assertThat(Exposure.warning(InetAddress.ofLiteral(address), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "2001:db8::7"})
    void otherAddressesAreWarnedOfWithoutTlsAndOfOriginsThatAreNotSet(String address) {
        InetAddress bind = InetAddress.ofLiteral(address);

        assertThat(Exposure.warning(bind, false))
                .hasValueSatisfying(warning -> assertThat(warning)
                        .hasLineCount(1)
                        .contains("without TLS")
                        .contains("MILENA_ORIGINS"));
        assertThat(Exposure.warning(bind, true))
                .hasValueSatisfying(
                        warning -> assertThat(warning).contains("without TLS").doesNotContain("MILENA_ORIGINS"));
    }

    @Test
    void brokerForOtherMachinesIsWarnedOfWithWhatItsLoginMayDo() {
        assertThat(Exposure.warning(ElsewhereListener.parse("0.0.0.0:9094", "chat.example")))
                .hasLineCount(1)
                .contains(
                        "chat.example:9094",
                        "without TLS",
                        "clients with kafka-reader.password may read those of all tenants");
    }

    @Test
    void warningNamesTheSectionThatHelps() {
        assertThat(Exposure.warning(InetAddress.ofLiteral("0.0.0.0"), true))
                .hasValueSatisfying(warning -> assertThat(warning).contains("Behind a proxy"));
    }
}
