package chat.milena.protocol.call;

import chat.milena.protocol.json.Fields;
import chat.milena.protocol.json.Json;
import chat.milena.schemas.avro.ModerationRule;
import chat.milena.schemas.avro.ModerationRuleset;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.schemas.word.RuleKind;
import chat.milena.schemas.word.Word;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The moderation rules of a tenant as JSON. Strict: a name that means nothing is a fault. Pure.
///
/// The version, which only shown rules have, is ignored. Whether the rules can be applied is decided where they
/// are compiled.
public final class RulesBody {
    /// The maximum size of the JSON.
    public static final int BYTES_MAX = 1 << 20;

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Set<String> NAMES = Set.of("version", "rules", "newAccounts", "defaults", "classifier");

    private RulesBody() {}

    /// The result of reading.
    public sealed interface Reading {
        /// Rules. Version and time are not in the JSON, and are 0 here.
        record Rules(ModerationRuleset rules) implements Reading {}

        /// Not the JSON of rules.
        ///
        /// @param reason one sentence that names the field
        record Faulty(String reason) implements Reading {}
    }

    /// Reads rules.
    public static Reading read(byte[] utf8) {
        if (utf8.length > BYTES_MAX) {
            return new Reading.Faulty("the rules must have at most " + BYTES_MAX + " bytes, and have " + utf8.length);
        }
        Optional<JsonNode> body = Json.parse(utf8);
        if (body.isEmpty() || !body.get().isObject()) {
            return new Reading.Faulty("the rules must be one JSON object in UTF-8, in which no name comes twice");
        }
        return read(body.get());
    }

    private static Reading read(JsonNode body) {
        Fields fields = Fields.of(body, ErrorCode.INVALID_REQUEST);
        refuseOthers(body, NAMES, fields);
        JsonNode list = fields.array("rules");
        ModerationRuleset rules = new ModerationRuleset();
        rules.setVersion(0L);
        rules.setSince(Instant.EPOCH);
        rules.setNewAccountsMillis(fields.has("newAccounts") ? millis(fields, "newAccounts") : null);
        rules.setDefaults(fields.has("defaults") ? texts(fields, "defaults") : List.of());
        if (fields.rejection() != null) {
            return new Reading.Faulty(fields.rejection().reason());
        }
        List<ModerationRule> read = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Fields rule = Fields.of(list.get(i), "rules[" + i + "].", ErrorCode.INVALID_REQUEST);
            read.add(rule(list.get(i), rule));
            if (rule.rejection() != null) {
                return new Reading.Faulty(rule.rejection().reason());
            }
        }
        rules.setRules(read);
        if (fields.has("classifier")) {
            Fields classifier = fields.object("classifier");
            refuseOthers(body.get("classifier"), ClassifierBody.NAMES, classifier);
            rules.setClassifier(ClassifierBody.read(classifier));
            if (fields.rejection() != null) {
                return new Reading.Faulty(fields.rejection().reason());
            }
            if (read.stream().anyMatch(rule -> rule.getName().equals(ClassifierBody.RULE))) {
                return new Reading.Faulty("rules: beside a classifier, none may have the name classifier");
            }
        }
        return new Reading.Rules(rules);
    }

    private static ModerationRule rule(JsonNode node, Fields fields) {
        ModerationRule rule = new ModerationRule();
        rule.setName(fields.text("name"));
        rule.setKind(fields.text("kind"));
        rule.setAction(fields.text("action"));
        rule.setWords(List.of());
        Optional<RuleKind> kind = Word.parse(RuleKind.class, rule.getKind());
        if (kind.isPresent()) {
            refuseOthers(node, of(kind.get()), fields);
            read(kind.get(), rule, fields);
        } else {
            fields.refuse("kind", "must be words, pattern, links, flood or repeats");
        }
        return rule;
    }

    private static void read(RuleKind kind, ModerationRule rule, Fields fields) {
        switch (kind) {
            case WORDS -> rule.setWords(texts(fields, "words"));
            case PATTERN -> rule.setPattern(fields.text("pattern"));
            case FLOOD -> counted(rule, fields, "messages");
            case REPEATS -> counted(rule, fields, "times");
            case LINKS -> {}
        }
    }

    private static Set<String> of(RuleKind kind) {
        return switch (kind) {
            case WORDS -> Set.of("name", "kind", "action", "words");
            case PATTERN -> Set.of("name", "kind", "action", "pattern");
            case FLOOD -> Set.of("name", "kind", "action", "messages", "within");
            case REPEATS -> Set.of("name", "kind", "action", "times", "within");
            case LINKS -> Set.of("name", "kind", "action");
        };
    }

    private static void counted(ModerationRule rule, Fields fields, String name) {
        Long count = fields.optionalInteger(name);
        if (count == null) {
            fields.refuse(name, "is required");
        } else {
            rule.setTimes((int) Math.max(0, Math.min(Integer.MAX_VALUE, count)));
        }
        rule.setWithinMillis(millis(fields, "within"));
    }

    private static List<String> texts(Fields fields, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : fields.array(name)) {
            if (!text.isTextual()) {
                fields.refuse(name, "must be strings");
                break;
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    static long millis(Fields fields, String name) {
        Matcher matcher = DURATION.matcher(fields.text(name));
        if (!matcher.matches()) {
            fields.refuse(name, "must be a time such as 500ms, 5s, 10m, 24h or 7d");
            return 0;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> amount;
            case "s" -> Duration.ofSeconds(amount).toMillis();
            case "m" -> Duration.ofMinutes(amount).toMillis();
            case "h" -> Duration.ofHours(amount).toMillis();
            default -> Duration.ofDays(amount).toMillis();
        };
    }

    private static void refuseOthers(JsonNode object, Set<String> known, Fields fields) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                fields.refuse(name, "means nothing here");
            }
        }
    }

    /// The rules with their version, as JSON text that [#read] takes without the version. A secret is not in it.
    public static byte[] write(ModerationRuleset rules) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", rules.getVersion());
            json.writeArrayFieldStart("rules");
            for (ModerationRule rule : rules.getRules()) {
                write(json, rule);
            }
            json.writeEndArray();
            if (rules.getNewAccountsMillis() != null) {
                json.writeStringField("newAccounts", time(rules.getNewAccountsMillis()));
            }
            if (!rules.getDefaults().isEmpty()) {
                write(json, "defaults", rules.getDefaults());
            }
            if (rules.getClassifier() != null) {
                ClassifierBody.write(json, rules.getClassifier());
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ModerationRule rule) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", rule.getName());
        json.writeStringField("kind", rule.getKind());
        switch (Word.parse(RuleKind.class, rule.getKind()).orElseThrow()) {
            case WORDS -> write(json, "words", rule.getWords());
            case PATTERN -> json.writeStringField("pattern", rule.getPattern());
            case FLOOD -> counted(json, rule, "messages");
            case REPEATS -> counted(json, rule, "times");
            case LINKS -> {}
        }
        json.writeStringField("action", rule.getAction());
        json.writeEndObject();
    }

    private static void counted(JsonGenerator json, ModerationRule rule, String name) throws IOException {
        json.writeNumberField(name, rule.getTimes());
        json.writeStringField("within", time(rule.getWithinMillis()));
    }

    private static void write(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    static String time(long millis) {
        Duration time = Duration.ofMillis(millis);
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        return time.toHours() > 0 && millis % Duration.ofHours(1).toMillis() == 0
                ? time.toHours() + "h"
                : time.toSeconds() + "s";
    }
}
