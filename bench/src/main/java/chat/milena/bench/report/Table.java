package chat.milena.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A text table: the first column aligned left, the others right, each as wide as its widest cell.
public final class Table {
    private final List<String[]> rows = new ArrayList<>();

    public Table row(String... cells) {
        rows.add(cells);
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                String padding = " ".repeat(widths[i] - row[i].length());
                text.append(i == 0 ? row[i] + padding : "  " + padding + row[i]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /// 25469 as `25,469`.
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    public static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
