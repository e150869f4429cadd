package chat.milena.bench.report;

import chat.milena.bench.check.CheckReport;

/// Formats a check in a few lines: the counts, then the first violations in words.
public final class CheckTable {
    private CheckTable() {}

    public static String of(CheckReport check) {
        StringBuilder text = new StringBuilder(new Table()
                .row(
                        "check",
                        "lost",
                        "duplicated",
                        "out of order",
                        "gaps",
                        "wrong numbers",
                        "wrong times",
                        "sender order",
                        "outside",
                        "acks ahead")
                .row(
                        "",
                        Table.count(check.lost()),
                        Table.count(check.duplicated()),
                        Table.count(check.outOfOrder()),
                        Table.count(check.gaps()),
                        Table.count(check.wrongNumbers()),
                        Table.count(check.wrongTimes()),
                        Table.count(check.senderOrder()),
                        Table.count(check.outside()),
                        Table.count(check.acksAhead()))
                .toString());
        if (check.reconnects() > 0 || check.missedAway() > 0 || check.redelivered() > 0) {
            text.append("reconnects ")
                    .append(Table.count(check.reconnects()))
                    .append(", resumed ")
                    .append(Table.count(check.resumed()))
                    .append("; while away ")
                    .append(Table.count(check.missedAway()))
                    .append(" numbers passed unseen; ")
                    .append(Table.count(check.redelivered()))
                    .append(" came again after a reconnect\n");
        }
        check.examples().forEach(example -> text.append("  ").append(example).append('\n'));
        return text.toString();
    }
}
