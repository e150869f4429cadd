package chat.milena.syncapi.read;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.avro.MessageReport;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.key.ReportKey;
import chat.milena.syncapi.FakeViews;
import chat.milena.syncapi.read.ModerationRead.Reported;
import chat.milena.syncapi.read.ModerationRead.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReportsPageTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final int ROWS = 40;

    private final FakeViews views = new FakeViews();

    ReportsPageTest() {
        for (int i = 0; i < ROWS; i++) {
            ReportedMessage message = new ReportedMessage();
            message.setTenant("shop");
            message.setConversationId("c");
            message.setMessageId("m" + i);
            message.setSequenceNumber(i);
            message.setSenderId("mallory");
            message.setOpenedAt(NOON.plusSeconds(i));
            message.setOpen(true);
            message.setFlags(List.of());
            message.setReports(IntStream.range(0, 100)
                    .mapToObj(report -> new MessageReport("u" + report, "spam", "x".repeat(1_000), NOON))
                    .toList());
            views.reports.put(
                    new ReportKey("shop", false, message.getOpenedAt().toEpochMilli(), "c", "m" + i), message);
        }
    }

    private Reported page(ReportKey after, int limit) {
        ModerationRead.ReportsPage read = new ModerationRead.ReportsPage(after, limit);
        return ((ReadAnswer.Answered<Reported>) read.narrow(new MembershipReader().answer(views, read, NOON))).value();
    }

    @Test
    void pageOfLargeRowsEndsBySizeAndNoneIsLeftOut() {
        List<Long> walked = new ArrayList<>();
        ReportKey after = new ReportKey("shop", false, 0, "", "");
        int pages = 0;
        while (true) {
            Reported page = page(after, 100);
            pages++;
            page.rows().forEach(row -> walked.add(row.sequenceNumber()));
            assertThat(page.rows()).as("some of a hundred kilobytes").hasSizeBetween(1, 20);
            if (!page.hasMore()) {
                break;
            }
            Row last = page.rows().getLast();
            after = new ReportKey(
                    "shop", false, last.openedMillis(), "c", last.line().messageId());
        }

        assertThat(walked)
                .containsExactlyElementsOf(LongStream.range(0, ROWS).boxed().toList());
        assertThat(pages).isGreaterThan(2);
    }

    private static ReportKey place(int i, boolean decided) {
        return new ReportKey("shop", decided, NOON.plusSeconds(i).toEpochMilli(), "c", "m" + i);
    }

    private static List<Long> numbers(Reported page) {
        return page.rows().stream().map(Row::sequenceNumber).toList();
    }

    /// The cursor is a place in time: the row that it names need not be there any more.
    @Test
    void rowsThatAreDecidedOrReopenedBetweenPagesShiftNoOthers() {
        assertThat(numbers(page(place(-1, false), 3))).containsExactly(0L, 1L, 2L);
        ReportedMessage last = views.reports.remove(place(2, false));
        views.reports.put(place(2, true), last);
        ReportedMessage next = views.reports.remove(place(3, false));

        assertThat(numbers(page(place(2, false), 3))).containsExactly(4L, 5L, 6L);

        views.reports.put(place(3, false), next);
        assertThat(numbers(page(place(6, false), 2)))
                .as("one that is open again is where it was")
                .containsExactly(7L, 8L);
        assertThat(numbers(page(place(2, false), 1))).containsExactly(3L);
    }

    @Test
    void limitHoldsToo() {
        Reported page = page(new ReportKey("shop", false, 0, "", ""), 3);

        assertThat(page.rows()).hasSize(3);
        assertThat(page.hasMore()).isTrue();
    }
}
