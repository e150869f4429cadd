package chat.milena.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutsideEndpointsTest {
    private static final OutsideEndpoints ALLOWING = OutsideEndpoints.parse("http://127.0.0.1:8091, https://push.lan");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://push.example/send/abc?x=1",
                "https://push.example:443/send",
                "https://PUSH.example/",
                "https://fcm.googleapis.com/fcm/send/d:A-b_c",
                "https://8.8.8.8/x",
                "https://[2606:4700::1111]/x"
            })
    void publicHostsAreGood(String endpoint) {
        assertThat(OutsideEndpoints.PUBLIC.problem(endpoint)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "push.example",
                "http://push.example/",
                "ftp://push.example/",
                "https:///x",
                "https://push.example:8443/",
                "https://push.example:80/",
                "https://user@push.example/",
                "https://push.example/#x",
                "https://localhost/",
                "https://push/",
                "https://push.example./",
                "https://127.0.0.1/",
                "https://127.1/",
                "https://0x7f000001/",
                "https://2130706433/",
                "https://0177.0.0.1/",
                "https://10.1.2.3/",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[fd00::1]/",
                "https://[fe80::1%25eth0]/",
                "https://push.exa mple/",
                "https://push.example/\u0000"
            })
    void otherHostsHaveAProblem(String endpoint) {
        assertThat(OutsideEndpoints.PUBLIC.problem(endpoint)).startsWith("must ");
    }

    @Test
    void longEndpointsHaveAProblem() {
        String endpoint = "https://push.example/" + "a".repeat(2_048 - 21);

        assertThat(OutsideEndpoints.PUBLIC.problem(endpoint)).isNull();
        assertThat(OutsideEndpoints.PUBLIC.problem(endpoint + "a")).contains("2048");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::808:808",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:10::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "4000::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void specialAddressesAreNotPublic(String address) throws UnknownHostException {
        assertThat(OutsideEndpoints.isPublic(InetAddress.getByName(address))).isFalse();
        assertThatThrownBy(() -> OutsideEndpoints.PUBLIC.resolve(address, 443))
                .isInstanceOf(ForbiddenAddressException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.0.0.1",
                "128.0.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.0.1",
                "223.255.255.255",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2a00::1",
                "::ffff:8.8.8.8"
            })
    void othersArePublic(String address) throws UnknownHostException {
        assertThat(OutsideEndpoints.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void exceptionIsOneOrigin() throws Exception {
        assertThat(ALLOWING.problem("http://127.0.0.1:8091/send")).isNull();
        assertThat(ALLOWING.problem("http://127.0.0.1:8092/send")).isNotNull();
        assertThat(ALLOWING.problem("https://127.0.0.1:8091/send")).isNotNull();
        assertThat(ALLOWING.problem("http://127.0.0.1:8091/#x")).isNotNull();
        assertThat(ALLOWING.problem("https://push.lan/send")).isNull();

        assertThat(ALLOWING.resolve("127.0.0.1", 8091)).hasSize(1);
        assertThatThrownBy(() -> ALLOWING.resolve("127.0.0.1", 8092)).isInstanceOf(ForbiddenAddressException.class);
    }

    @Test
    void nameOfAPrivateAddressIsForbidden() {
        assertThatThrownBy(() -> OutsideEndpoints.PUBLIC.resolve("localhost", 443))
                .isInstanceOf(ForbiddenAddressException.class)
                .hasMessage("localhost is not a public host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8091", "http://127.0.0.1:8091/x", "ftp://127.0.0.1", "http://a@b:1", "http://"})
    void otherFormsOfExceptionsAreRejected(String text) {
        assertThatThrownBy(() -> OutsideEndpoints.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
