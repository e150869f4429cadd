package chat.milena.standalone.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/// That Kafka goes by the time of ours: see ADR 10.
class SteadyTimeTest {
    @Test
    void timeOfKafkaIsOurs() {
        List<String> fields = Arrays.stream(Time.SYSTEM.getClass().getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(field -> field.getType().getSimpleName())
                .toList();

        assertThat(fields).containsExactly("SteadyClock");
    }

    @Test
    void isNearTheMachinesClock() {
        long before = System.currentTimeMillis();

        assertThat(Time.SYSTEM.milliseconds()).isBetween(before - 1_000, System.currentTimeMillis() + 1_000);
    }
}
