package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class CommitPacingTest {
    private static final Record<String, String> RECORD = new Record<>("key", "value", 0);

    private final CommitPacing pacing = new CommitPacing(
            Duration.ofMillis(5), Duration.ofMillis(50), CommitWatch.of("test", new SimpleMeterRegistry()));
    private final ProcessorSupplier<String, String, String, String> idle = () -> record -> {};
    private final MockProcessorContext<String, String> context = new MockProcessorContext<>();
    private final MockProcessorContext<String, String> sibling = new MockProcessorContext<>();

    @Test
    void whatWasHandledIsCommittedOnceItIsTime() {
        Processor<String, String, String, String> processor = begun(context);
        context.setCurrentSystemTimeMs(1_000);
        processor.process(RECORD);
        assertThat(context.committed()).isFalse();

        look(context, 1_004);
        assertThat(context.committed()).isFalse();
        look(context, 1_005);
        assertThat(context.committed()).isTrue();
    }

    @Test
    void aTaskThatHandledNothingDoesNotAsk() {
        begun(sibling);
        Processor<String, String, String, String> processor = begun(context);
        context.setCurrentSystemTimeMs(1_000);
        processor.process(RECORD);

        look(sibling, 1_060);
        assertThat(sibling.committed()).isFalse();
        look(context, 1_060);
        assertThat(context.committed()).isTrue();
    }

    @Test
    void allTasksOfAThreadFillOneTransaction() {
        Processor<String, String, String, String> one = begun(context);
        Processor<String, String, String, String> other = begun(sibling);
        context.setCurrentSystemTimeMs(1_000);
        sibling.setCurrentSystemTimeMs(1_000);
        for (int i = 0; i < 10; i++) {
            one.process(RECORD);
            other.process(RECORD);
        }

        look(context, 1_009);
        assertThat(context.committed()).isFalse();
        look(context, 1_010);
        assertThat(context.committed()).isTrue();
    }

    private Processor<String, String, String, String> begun(MockProcessorContext<String, String> context) {
        Processor<String, String, String, String> processor = pacing.of(idle).get();
        processor.init(context);
        return processor;
    }

    private static void look(MockProcessorContext<String, String> context, long nowMillis) {
        context.scheduledPunctuators().stream()
                .map(CapturedPunctuator::getPunctuator)
                .forEach(punctuator -> punctuator.punctuate(nowMillis));
    }
}
