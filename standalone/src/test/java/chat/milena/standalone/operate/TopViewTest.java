package chat.milena.standalone.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopViewTest {
    private static final String BEFORE = """
            # HELP milena_gateway_connections some help
            # TYPE milena_gateway_connections gauge
            milena_gateway_connections 3.0
            milena_gateway_frames_in_total{type="message.send"} 100.0
            milena_gateway_frames_in_total{type="heartbeat"} 50.0
            milena_gateway_commands_seconds_count{outcome="accepted"} 90.0
            milena_gateway_append_seconds_count 100
            milena_gateway_append_seconds_sum 0.5
            milena_gateway_delivery_seconds_bucket{le="0.01"} 10
            milena_gateway_delivery_seconds_bucket{le="0.05"} 10
            milena_gateway_delivery_seconds_bucket{le="+Inf"} 10
            milena_gateway_commands_seconds_bucket{outcome="accepted",le="0.025"} 80
            milena_gateway_commands_seconds_bucket{outcome="accepted",le="+Inf"} 90
            milena_gateway_commands_seconds_bucket{outcome="rate_limited",le="0.005"} 7
            milena_stream_lag{application="sequencer"} 9.0
            milena_commit_seconds_count{application="sequencer"} 10
            milena_commit_seconds_sum{application="sequencer"} 1.0
            milena_dead_letters_total{topic="chat.inbound.v1"} 2.0
            a line that is no value
            """;
    private static final String NOW = """
            milena_gateway_connections 4.0
            milena_gateway_frames_in_total{type="message.send"} 120.0
            milena_gateway_frames_in_total{type="heartbeat"} 60.0
            milena_gateway_commands_seconds_count{outcome="accepted"} 110.0
            milena_gateway_commands_seconds_count{outcome="rejected"} 1.0
            milena_gateway_append_seconds_count 120
            milena_gateway_append_seconds_sum 0.54
            milena_gateway_delivery_seconds_bucket{le="0.01"} 60
            milena_gateway_delivery_seconds_bucket{le="0.05"} 108
            milena_gateway_delivery_seconds_bucket{le="+Inf"} 110
            milena_gateway_commands_seconds_bucket{outcome="accepted",le="0.025"} 100
            milena_gateway_commands_seconds_bucket{outcome="accepted",le="+Inf"} 110
            milena_gateway_commands_seconds_bucket{outcome="rate_limited",le="0.005"} 70
            milena_stream_lag{application="sequencer"} 7.0
            milena_stream_lag{application="fanout"} 0.0
            milena_commit_seconds_count{application="sequencer"} 30
            milena_commit_seconds_sum{application="sequencer"} 1.2
            milena_dead_letters_total{topic="chat.inbound.v1"} 2.0
            """;

    @Test
    void ratesAreOfTheTimeBetweenAndLagsOfNow() {
        TopView view = TopView.of(MetricsPage.parse(BEFORE), MetricsPage.parse(NOW), 2);

        assertThat(view.lines())
                .anySatisfy(line -> assertThat(line).startsWith("clients").contains("4 connections", "15/s frames in"))
                .anySatisfy(line -> assertThat(line).startsWith("commands").contains("10/s accepted", "0.5/s rejected"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("latency")
                        .contains(
                                "append 2 ms", "ack p50 25 ms p99 25 ms", "delivery p50 10 ms p99 beyond the buckets"))
                .anySatisfy(line -> assertThat(line).startsWith("commits").contains("sequencer 10/s 10 ms"))
                .anySatisfy(line -> assertThat(line).startsWith("behind").contains("fanout 0  sequencer 7"))
                .anySatisfy(line -> assertThat(line).startsWith("trouble").contains("2 dead letters"))
                .noneSatisfy(line -> assertThat(line).startsWith("reads"));
    }

    @Test
    void processesAreAddedUp() {
        MetricsPage both = MetricsPage.parse(BEFORE).plus(MetricsPage.parse(NOW));

        assertThat(both.sum("milena_gateway_connections")).isEqualTo(7);
        assertThat(both.by("milena_stream_lag", "application"))
                .containsEntry("sequencer", 16.0)
                .containsEntry("fanout", 0.0);
    }

    @Test
    void processThatWasRestartedCountsFromItsStart() {
        MetricsPage growth = MetricsPage.parse("a_total 5").since(MetricsPage.parse("a_total 100"));

        assertThat(growth.sum("a_total")).isEqualTo(5);
    }
}
