package chat.milena.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.word.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    private static Fields fields(String number) {
        return Fields.of(Json.parse("{\"n\":" + number + "}").orElseThrow(), ErrorCode.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "2,                       2",
        "2.0,                     2",
        "2.000,                   2",
        "1e1,                     10",
        "1E+1,                    10",
        "10e-1,                   1",
        "0.0,                     0",
        "-0,                      0",
        "0e999999999,             0",
        "-3.0,                    -3",
        "9223372036854775807.00,  9223372036854775807",
        "9.223372036854775807e18, 9223372036854775807"
    })
    void aWholeNumberIsReadInAnySpelling(String spelled, long number) {
        Fields fields = fields(spelled);

        assertThat(fields.optionalInteger("n")).isEqualTo(number);
        assertThat(fields.rejection()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "1e-1",
                "9223372036854775808",
                "-9223372036854775809.0",
                "1e19",
                "1e999999999",
                "1e-999999999",
                "\"1\"",
                "true",
                "[]"
            })
    void whatIsNoWholeNumberIsNamed(String spelled) {
        Fields fields = fields(spelled);

        assertThat(fields.optionalInteger("n")).isNull();
        assertThat(fields.rejection())
                .isEqualTo(new Fields.Rejection(ErrorCode.INVALID_REQUEST, "n: must be a whole number"));
    }
}
