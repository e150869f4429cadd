package chat.milena.standalone.operate;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.streams.deadletter.DeadLetterLog;
import chat.milena.streams.deadletter.DeadLetterLog.Letter;
import chat.milena.streams.deadletter.DeadLetterLog.Resend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dead-letters`: lists, shows and sends again the records that could not be handled.
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description =
                "Lists, shows and sends again the records of a running system that could not be handled: of `up` on"
                        + " a data folder, or of a cluster.")
public final class DeadLettersCommand {
    private static final int NOT_ALL = 1;
    private static final int SHOWN_BYTES_MAX = 64 << 10;

    private final CommandContext context;

    public DeadLettersCommand(CommandContext context) {
        this.context = context;
    }

    /// `dead-letters list`.
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description =
                    "Prints the newest dead letters, one a line, without their content: the id, when it was written,"
                            + " where the record is, its bytes, and the reason. They are kept for 30 days.")
    int list(
            @Option(
                            names = "--limit",
                            paramLabel = "COUNT",
                            defaultValue = "100",
                            description = "How many at most, up to 10000 (default: 100).")
                    int limit,
            @Mixin LogOption option)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        if (limit < 1 || limit > DeadLetterLog.LETTERS_MAX) {
            throw new IOException("--limit must be from 1 to " + DeadLetterLog.LETTERS_MAX);
        }
        DeadLetterLog log = log(option);
        List<Letter> letters = LogOption.asked(() -> log.newest(limit));
        letters.forEach(letter -> say(line(letter)));
        if (letters.isEmpty()) {
            say("there are no dead letters");
        }
        return 0;
    }

    /// `dead-letters show`.
    ///
    /// @return 1 if there is none of this id
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints one dead letter: its origin, the reason and its key.")
    int show(
            @Parameters(paramLabel = "ID", description = "The id that the list prints.") long id,
            @Option(
                            names = "--content",
                            description = "Also prints the value: what users wrote may be in it. As JSON if it can be"
                                    + " read, otherwise as hexadecimal digits, cut after 64 KiB.")
                    boolean showsContent,
            @Mixin LogOption option)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        LogOption.Log where = option.log(context);
        DeadLetterLog log = new DeadLetterLog(where.topics(), where.clients());
        Letter letter = LogOption.asked(() -> log.letter(id));
        if (letter == null) {
            say(id + " " + Resend.MISSING.text());
            return NOT_ALL;
        }
        DeadLetter record = letter.letter();
        say("id         " + id + (letter.sentAgain() ? " (sent again)" : ""));
        say("written    " + letter.at());
        say("record     " + place(record) + " of " + record.getTimestamp());
        say("reason     " + record.getReason());
        say("bytes      " + (record.getCut() ? "too many to be kept" : letter.bytes()));
        say("key        " + key(record.getKey()));
        if (showsContent) {
            say("value      " + value(where.topics(), record));
        }
        return 0;
    }

    /// `dead-letters resend`.
    ///
    /// @return 1 if one was not sent again
    @Command(
            name = "resend",
            mixinStandardHelpOptions = true,
            description =
                    "Sends commands again, as they came, to the topic that they came from: each is decided as if it"
                            + " came now. A letter is sent again once, however often this runs.")
    int resend(
            @Parameters(paramLabel = "ID", arity = "0..*", description = "The ids that the list prints.") @Nullable
                    List<Long> ids,
            @Option(
                            names = "--all",
                            description = "Sends all commands among the newest 10000 letters that were not sent again.")
                    boolean all,
            @Mixin LogOption option)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        if (all == (ids != null)) {
            throw new IOException("pass the ids of letters, or --all");
        }
        if (ids != null && ids.size() > DeadLetterLog.LETTERS_MAX) {
            throw new IOException("at most " + DeadLetterLog.LETTERS_MAX + " letters are sent again in one go");
        }
        LogOption.Log where = option.log(context);
        DeadLetterLog log = new DeadLetterLog(where.topics(), where.clients());
        Set<Long> wanted = ids != null ? Set.copyOf(ids) : open(log);
        List<Resend> missed = new ArrayList<>();
        LogOption.asked(() -> {
            log.resend(wanted, (id, resend) -> {
                say(id + " " + resend.text());
                if (resend != Resend.SENT && resend != Resend.SENT_BEFORE) {
                    missed.add(resend);
                }
            });
            return wanted;
        });
        if (wanted.isEmpty()) {
            say("there is nothing to send again");
        }
        return missed.isEmpty() ? 0 : NOT_ALL;
    }

    /// What can be sent again and was not.
    private static Set<Long> open(DeadLetterLog log) throws IOException, InterruptedException {
        return LogOption.asked(() -> log.newest(DeadLetterLog.LETTERS_MAX)).stream()
                .filter(letter -> !letter.sentAgain() && log.isCommand(letter.letter()))
                .map(Letter::offset)
                .collect(Collectors.toSet());
    }

    private static String line(Letter letter) {
        DeadLetter record = letter.letter();
        return String.format(
                Locale.ROOT,
                "%d  %s  %s  %s  %s%s",
                letter.offset(),
                letter.at(),
                place(record),
                record.getCut() ? "cut" : letter.bytes() + " B",
                record.getReason(),
                letter.sentAgain() ? "  (sent again)" : "");
    }

    private static String place(DeadLetter record) {
        return record.getTopic() + "-" + record.getPartition() + "@" + record.getOffset();
    }

    /// The parts of a key, which are ids; anything else by its digits.
    private static String key(@Nullable ByteBuffer key) {
        if (key == null) {
            return "none";
        }
        byte[] bytes = bytes(key);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.chars().allMatch(one -> one == 0 || (one > ' ' && one < 0x7f))
                ? text.replace('\0', ' ')
                : digits(bytes);
    }

    private static String value(TopicCatalogue topics, DeadLetter record) {
        ByteBuffer value = record.getValue();
        if (value == null) {
            return "none";
        }
        byte[] bytes = bytes(value);
        Optional<TopicSpec<?, ?>> origin = topics.all().stream()
                .filter(topic -> topic.name().equals(record.getTopic()))
                .findFirst();
        try {
            return origin.map(topic ->
                            String.valueOf(topic.values().deserializer().deserialize(topic.name(), bytes)))
                    .orElseGet(() -> digits(bytes));
        } catch (SerializationException e) {
            return digits(bytes) + " (not readable: " + e.getMessage() + ")";
        }
    }

    private static String digits(byte[] bytes) {
        int shown = Math.min(bytes.length, SHOWN_BYTES_MAX);
        return HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "…" : "");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private DeadLetterLog log(LogOption option)
            throws InvalidSettingsException, DataFolderException, IOException, InterruptedException {
        LogOption.Log where = option.log(context);
        return new DeadLetterLog(where.topics(), where.clients());
    }

    private void say(String line) {
        context.out().println(line);
        context.out().flush();
    }
}
