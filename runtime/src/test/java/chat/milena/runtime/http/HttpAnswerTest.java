package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.word.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAnswerTest {

    @ParameterizedTest
    @CsvSource({
        "INVALID_MESSAGE, 400",
        "INVALID_REQUEST, 400",
        "UNAUTHORIZED, 401",
        "FORBIDDEN, 403",
        "CONVERSATION_NOT_FOUND, 404",
        "MESSAGE_NOT_FOUND, 404",
        "DUPLICATE_MESSAGE, 409",
        "TOO_LARGE, 413",
        "RATE_LIMITED, 429",
        "UNAVAILABLE, 503",
    })
    void eachCodeHasItsStatus(ErrorCode code, int status) {
        assertThat(HttpAnswer.error(code, "why").status()).isEqualTo(status);
    }
}
