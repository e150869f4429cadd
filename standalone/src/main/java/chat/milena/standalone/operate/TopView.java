package chat.milena.standalone.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `top` shows of two pages of metrics and the time between them. Pure.
///
/// Quantities of a kind of process that is not asked are left out.
record TopView(MetricsPage now, MetricsPage growth, double seconds) {
    private static final double NEARLY_ALL = 0.99;
    private static final double HALF = 0.5;
    private static final double TEN = 10;
    private static final double MEBIBYTE = 1024 * 1024;

    static TopView of(MetricsPage before, MetricsPage now, double seconds) {
        return new TopView(now, now.since(before), seconds);
    }

    /// The lines, for people.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (now.has("milena_gateway_connections")) {
            lines.add(line(
                    "clients",
                    number(now.sum("milena_gateway_connections")) + " connections",
                    rate("milena_gateway_frames_in_total") + " frames in",
                    rate("milena_gateway_frames_out_total") + " frames out",
                    number(now.sum("milena_gateway_outbox_bytes") / MEBIBYTE) + " MiB wait"));
            lines.add(line(
                    "commands",
                    rates("milena_gateway_commands_seconds_count", "outcome"),
                    number(now.sum("milena_gateway_commands_in_flight")) + " in flight"));
            lines.add(line(
                    "latency",
                    "append " + millis(growth.meanMillis("milena_gateway_append_seconds", "")),
                    "ack " + quantiles("milena_gateway_commands_seconds", "outcome=\"accepted\""),
                    "delivery " + quantiles("milena_gateway_delivery_seconds", "")));
        }
        if (now.has("milena_stream_lag")) {
            lines.add(line("commits", commits()));
            lines.add(line("behind", behind("milena_stream_lag", "application")));
        }
        if (now.has("milena_sync_lag")) {
            lines.add(line(
                    "reads",
                    rate("milena_sync_requests_seconds_count"),
                    "mean " + millis(growth.meanMillis("milena_sync_requests_seconds", "")),
                    "of it for the views " + millis(growth.meanMillis("milena_sync_barrier_seconds", "")),
                    "views " + number(now.sum("milena_sync_lag")) + " behind"));
        }
        if (now.has("milena_push_backlog")) {
            lines.add(line(
                    "push", rates("milena_push_results_total", "outcome"), behind("milena_push_backlog", "platform")));
        }
        lines.add(line(
                "trouble",
                number(now.sum("milena_dead_letters_total")) + " dead letters",
                number(now.sum("milena_gateway_outbox_overflows_total")) + " overflows",
                number(now.sum("milena_gateway_append_refused_total") + now.sum("milena_gateway_append_failed_total"))
                        + " not appended",
                now.has("milena_redis_up") ? (now.sum("milena_redis_up") > 0 ? "Redis up" : "Redis away") : "",
                number(now.sum("jvm_memory_used_bytes", "area=\"heap\"") / MEBIBYTE) + " MiB heap"));
        return lines;
    }

    private String quantiles(String timer, String label) {
        return "p50 " + millis(growth.quantileMillis(timer, label, HALF)) + " p99 "
                + millis(growth.quantileMillis(timer, label, NEARLY_ALL));
    }

    private String commits() {
        List<String> parts = new ArrayList<>();
        growth.by("milena_commit_seconds_count", "application")
                .forEach((application, count) -> parts.add(application + " "
                        + number(count / seconds)
                        + "/s "
                        + millis(growth.meanMillis("milena_commit_seconds", "application=\"" + application + "\""))));
        return String.join("  ", parts);
    }

    private String behind(String name, String label) {
        List<String> parts = new ArrayList<>();
        now.by(name, label).forEach((part, lag) -> parts.add(part + " " + number(lag)));
        return String.join("  ", parts);
    }

    private String rates(String name, String label) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, Double> one : growth.by(name, label).entrySet()) {
            parts.add(number(one.getValue() / seconds) + "/s " + one.getKey());
        }
        return String.join("  ", parts);
    }

    private String rate(String name) {
        return number(growth.sum(name) / seconds) + "/s";
    }

    private static String millis(double value) {
        if (Double.isInfinite(value)) {
            return "beyond the buckets";
        }
        return Double.isNaN(value) ? "-" : number(value) + " ms";
    }

    private static String number(double value) {
        double tenth = Math.round(value * TEN) / TEN;
        return Math.abs(tenth) < TEN && tenth != Math.rint(tenth)
                ? String.format(Locale.ROOT, "%.1f", tenth)
                : String.format(Locale.ROOT, "%.0f", tenth);
    }

    private static String line(String name, String... parts) {
        List<String> shown = new ArrayList<>(List.of(parts));
        shown.removeIf(String::isEmpty);
        return String.format(Locale.ROOT, "%-10s%s", name, String.join("  ", shown));
    }
}
