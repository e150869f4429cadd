package chat.milena.bench.replay;

import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// One recorded group conversation: one line `{"at", "user", "text"}` for each message, in order.
///
/// @param name of the file, without its ending
public record Transcript(String name, List<Line> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINES_MAX = 1_000_000;
    private static final int PEOPLE_MAX = 1000;

    public Transcript {
        lines = List.copyOf(lines);
    }

    /// One message; `at` is only as fine as the transcript, often a minute.
    public record Line(Instant at, String userId, String text) {}

    /// All people with a line, by their first line.
    public SequencedSet<String> people() {
        SequencedSet<String> people = new LinkedHashSet<>();
        lines.forEach(line -> people.add(line.userId));
        return people;
    }

    public static Transcript read(Path file) {
        String fileName = String.valueOf(file.getFileName());
        List<Line> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String json;
            while ((json = reader.readLine()) != null) {
                if (!json.isBlank()) {
                    lines.add(parse(json, file + ":" + (lines.size() + 1)));
                }
                if (lines.size() > LINES_MAX) {
                    throw new UsageFailure(file + " has more than " + LINES_MAX + " lines");
                }
            }
        } catch (CharacterCodingException e) {
            throw new UsageFailure(file + " is not UTF-8");
        } catch (IOException e) {
            throw new UsageFailure(
                    "cannot read " + file + ": " + (Files.exists(file) ? e.getMessage() : "no such file"));
        }
        Transcript transcript = new Transcript(fileName.replaceFirst("\\.jsonl$", ""), lines);
        if (lines.isEmpty()) {
            throw new UsageFailure(file + " holds no message");
        }
        if (transcript.people().size() > PEOPLE_MAX) {
            throw new UsageFailure(file + " has more than " + PEOPLE_MAX + " people, and a group holds no more");
        }
        return transcript;
    }

    private static Line parse(String json, String where) {
        try {
            JsonNode line = JSON.readTree(json);
            String userId = line.path("user").asText("");
            String text = line.path("text").asText("");
            if (userId.isEmpty() || text.isEmpty()) {
                throw new UsageFailure(where + ": a line needs `user` and `text`");
            }
            return new Line(Instant.parse(line.path("at").asText("")), userId, text);
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new UsageFailure(
                    where + ": not a line such as {\"at\":\"2016-12-19T04:14:00Z\",\"user\":…,\"text\":…}");
        }
    }
}
