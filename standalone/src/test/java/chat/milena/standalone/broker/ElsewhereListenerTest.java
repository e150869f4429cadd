package chat.milena.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElsewhereListenerTest {
    @Test
    void portIsThatOfTheListenerUnlessTheNameHasOne() {
        assertThat(ElsewhereListener.parse("0.0.0.0:9094", "chat.example").advertised())
                .isEqualTo("chat.example:9094");
        assertThat(ElsewhereListener.parse("0.0.0.0:9094", "chat.example:19094").advertised())
                .isEqualTo("chat.example:19094");
        assertThat(ElsewhereListener.parse("127.0.0.2:9094", "").advertised()).isEqualTo("127.0.0.2:9094");
        assertThat(ElsewhereListener.parse("[::1]:9094", "").bound()).isEqualTo("[0:0:0:0:0:0:0:1]:9094");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0:9094,''", "0.0.0.0,chat.example", "0.0.0.0:9094,a b", "0.0.0.0:9094,x/y", "'',x"})
    void wrongOnesAreRejected(String listen, String advertised) {
        assertThatThrownBy(() -> ElsewhereListener.parse(listen, advertised))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
