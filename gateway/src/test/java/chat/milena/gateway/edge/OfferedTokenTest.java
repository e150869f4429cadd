package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfferedTokenTest {
    private static HeaderMap head(String... lines) {
        HeaderMap head = new HeaderMap();
        for (String line : lines) {
            head.add(Headers.SEC_WEB_SOCKET_PROTOCOL, line);
        }
        return head;
    }

    @ParameterizedTest
    @ValueSource(strings = {"milena.v1, jwt", "jwt,milena.v1", " milena.v1 ,, jwt ", "milena.v1|jwt", "jwt|milena.v1"})
    void wordBesideOurSubprotocolIsTheTokenOnHoweverManyLines(String lines) {
        assertThat(OfferedToken.of(head(lines.split("\\|", -1)), "parameter")).isEqualTo("jwt");
    }

    @Test
    void foreignWordIsNoToken() {
        assertThat(OfferedToken.of(head("graphql-ws"), "parameter")).isEqualTo("parameter");
        assertThat(OfferedToken.of(head("milena.v1"), "parameter")).isEqualTo("parameter");
        assertThat(OfferedToken.of(head("graphql-ws, soap"), null)).isNull();
        assertThat(OfferedToken.of(head(), null)).isNull();
    }

    @Test
    void severalLinesBecomeOne() {
        HeaderMap head = head("jwt", "milena.v1");

        OfferedToken.join(head);

        assertThat(head.get(Headers.SEC_WEB_SOCKET_PROTOCOL)).containsExactly("jwt, milena.v1");
    }
}
