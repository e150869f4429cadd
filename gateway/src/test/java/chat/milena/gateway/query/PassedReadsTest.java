package chat.milena.gateway.query;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.http.HttpCall;
import chat.milena.runtime.token.VerifiedToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.undertow.util.HeaderMap;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassedReadsTest {
    @ParameterizedTest
    @CsvSource({
        "/api/v1/unread, /api/v1/unread",
        "/api/v1/conversations/a%2Fb/members, /api/v1/conversations/a%2Fb/members",
        "/api/v1/conversations/a%3Fb%25c, /api/v1/conversations/a%3Fb%25c",
        "/api/v1/conversations/a b\"<é, /api/v1/conversations/a%20b%22%3C%C3%A9",
    })
    void pathNamesWhatTheCallerNamed(String path, String target) {
        assertThat(PassedReads.target(call(path, Map.of()))).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({"ä&b=c, %C3%A4%26b%3Dc", "1+1 #, 1%2B1%20%23", "'', ''"})
    void parametersStayWhatTheyWere(String value, String encoded) {
        Map<String, Deque<String>> query = new LinkedHashMap<>();
        query.put("ids", new ArrayDeque<>(List.of("x", value)));
        query.put("after", new ArrayDeque<>(List.of("seq_0")));

        assertThat(PassedReads.target(call("/api/v1/users", query)))
                .isEqualTo("/api/v1/users?ids=x&ids=" + encoded + "&after=seq_0");
    }

    private static HttpCall call(String path, Map<String, Deque<String>> query) {
        return new HttpCall(
                new VerifiedToken("shop", "alice", null, Instant.EPOCH),
                path,
                Map.of(),
                query,
                new HeaderMap(),
                JsonNodeFactory.instance.objectNode());
    }
}
