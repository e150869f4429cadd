package chat.milena.standalone.operate;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// The values of a page of `/metrics`, of one process or of several together. Immutable.
///
/// @param values by name and labels, as `name{label="value",…}`
record MetricsPage(Map<String, Double> values) {
    private static final double NONE = Double.NaN;

    /// Reads a page. Lines that are no values are left out.
    static MetricsPage parse(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                try {
                    values.merge(line.substring(0, space), Double.parseDouble(line.substring(space + 1)), Double::sum);
                } catch (NumberFormatException e) {
                    // Not a value of Prometheus' text format.
                    return;
                }
            }
        });
        return new MetricsPage(values);
    }

    /// Both pages, with the sums of equal values.
    MetricsPage plus(MetricsPage other) {
        Map<String, Double> sums = new HashMap<>(values);
        other.values.forEach((name, value) -> sums.merge(name, value, Double::sum));
        return new MetricsPage(sums);
    }

    /// The growth since an earlier page. A process that was restarted in between counts from its start.
    MetricsPage since(MetricsPage earlier) {
        Map<String, Double> growth = new HashMap<>();
        values.forEach((name, value) -> {
            double before = earlier.values.getOrDefault(name, 0.0);
            growth.put(name, value >= before ? value - before : value);
        });
        return new MetricsPage(growth);
    }

    /// Whether there is any value of this name.
    boolean has(String name) {
        return values.keySet().stream().anyMatch(key -> isOf(key, name));
    }

    /// The sum of all values of this name.
    double sum(String name) {
        return sum(name, "");
    }

    /// The sum of the values of this name with a label such as `application="fanout"`; empty for any.
    double sum(String name, String label) {
        double sum = 0;
        for (Map.Entry<String, Double> value : values.entrySet()) {
            if (isOf(value.getKey(), name) && value.getKey().contains(label)) {
                sum += value.getValue();
            }
        }
        return sum;
    }

    /// The values of this name, by one of their labels.
    Map<String, Double> by(String name, String label) {
        return by(name, "", label);
    }

    private Map<String, Double> by(String name, String only, String label) {
        Map<String, Double> by = new TreeMap<>();
        values.forEach((key, value) -> {
            String found = isOf(key, name) && key.contains(only) ? label(key, label) : "";
            if (!found.isEmpty()) {
                by.merge(found, value, Double::sum);
            }
        });
        return by;
    }

    /// The mean of a timer, in milliseconds; not a number if it counted nothing.
    double meanMillis(String timer, String label) {
        double count = sum(timer + "_count", label);
        return count == 0 ? NONE : sum(timer + "_sum", label) / count * 1000;
    }

    /// A quantile of a timer with buckets, in milliseconds: the bound of its bucket. Not a number without buckets or
    /// counts.
    ///
    /// @param only of the values with this label, as for [#sum(String, String)]
    double quantileMillis(String timer, String only, double quantile) {
        Map<String, Double> byBound = by(timer + "_bucket", only, "le");
        TreeMap<Double, Double> buckets = new TreeMap<>();
        byBound.forEach((bound, count) ->
                buckets.put(bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound), count));
        double all = buckets.isEmpty() ? 0 : buckets.lastEntry().getValue();
        for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
            if (all > 0 && bucket.getValue() >= all * quantile) {
                return bucket.getKey() * 1000;
            }
        }
        return NONE;
    }

    private static boolean isOf(String key, String name) {
        return key.startsWith(name) && (key.length() == name.length() || key.charAt(name.length()) == '{');
    }

    private static String label(String key, String label) {
        String opening = label + "=\"";
        int from = key.indexOf(opening);
        if (from < 0) {
            return "";
        }
        int to = key.indexOf('"', from + opening.length());
        return to < 0 ? "" : key.substring(from + opening.length(), to);
    }
}
