package chat.milena.bench.worker;

import chat.milena.bench.load.LoadArguments;
import chat.milena.bench.load.LoadSettings;
import chat.milena.bench.load.PairsArguments;
import chat.milena.bench.report.CheckTable;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench moderation`.
@Command(
        name = "moderation",
        mixinStandardHelpOptions = true,
        description = "Recorded talk with planted spam, in pairs: how soon spam is removed, how much of it, and what"
                + " else. A run without rules says what they cost. Exit code 1 if the delivery contract was broken.")
public final class ModerationCommand implements Callable<Integer> {
    @Mixin
    private LoadArguments load = new LoadArguments();

    @Mixin
    private PairsArguments pairs = new PairsArguments();

    @Mixin
    private ClassifierArguments classifier = new ClassifierArguments();

    @Parameters(arity = "1..*", paramLabel = "FILE.jsonl", description = "Lines of {\"at\", \"user\", \"text\"}.")
    private List<Path> transcripts = List.of();

    @Option(names = "--spam", required = true, paramLabel = "FILE", description = "Spam, one text a line.")
    private Path spam = Path.of("");

    @Option(names = "--share", defaultValue = "0.02", description = "Share of spam (${DEFAULT-VALUE}).")
    private double share;

    private final PrintStream out;

    public ModerationCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Clock clock = Clock.systemUTC();
        PlantedTexts texts = PlantedTexts.read(transcripts, spam, share);
        LoadSettings settings = load.settings(clock);
        ModerationLoad run = new ModerationLoad(texts, settings, classifier.of(load, clock), clock);
        ModerationResult result = run.run(pairs.shape(), pairs.rate(), Progress.onStandardOutput(out));
        print(result);
        load.json().write(result);
        return result.clean() ? 0 : 1;
    }

    private void print(ModerationResult result) {
        RemovalMeter.Found found = result.found();
        ModerationResult.Classified classified = result.classified();
        Table table = new Table()
                .row(Latencies.Summary.header(
                        "at " + Table.decimal(result.step().rate(), 0) + "/s"))
                .row(result.step().delivery().row("  delivery"))
                .row(result.step().ack().row("  ack"))
                .row(result.step().behind().row("  own write (bench late)"))
                .row(found.removal().row("  from delivery to removal"));
        if (classified != null) {
            table.row(classified.question().row("  from message to question"))
                    .row(classified.flags().flag().row("  from message to flag"));
        }
        out.println();
        out.print(table);
        out.println("planted " + Table.count(found.planted()) + ", of them removed " + Table.count(found.caught())
                + "; others removed " + Table.count(found.mistaken()) + "; precision "
                + Table.decimal(found.precision(), 3) + ", recall " + Table.decimal(found.recall(), 3));
        if (classified != null) {
            out.println("flagged by the classifier "
                    + Table.count(classified.flags().caught()) + ", others flagged "
                    + Table.count(classified.flags().mistaken()) + ", flagged without an answer "
                    + Table.count(classified.flags().unanswered()));
        }
        out.println(result.step().machine());
        out.print(CheckTable.of(result.check()));
        out.println("unanswered at the end: " + Table.count(result.pending()));
        result.notices().forEach((notice, count) -> out.println("notice: " + notice + " (" + count + " times)"));
    }
}
