package chat.milena.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void aByteOrderMarkBeforeTheTextIsPassedOver() {
        assertThat(Json.parse("\uFEFF{\"a\":1}"))
                .isEqualTo(Json.parse("{\"a\":1}"))
                .isPresent();
    }

    @Test
    void aByteOrderMarkElsewhereIsNone() {
        assertThat(Json.parse("\uFEFF\uFEFF{}")).isEmpty();
        assertThat(Json.parse("{}\uFEFF")).isEmpty();
        assertThat(Json.parse("\uFEFF")).isEmpty();
    }
}
