package chat.milena.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.gateway.Deliveries;
import chat.milena.gateway.FakeSocket;
import chat.milena.protocol.frame.MessageFrames;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.runtime.limit.Budget;
import chat.milena.runtime.limit.Budget.Bounds;
import chat.milena.runtime.limit.Holder;
import chat.milena.schemas.word.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxBudgetTest {
    private static final int ALL_MAX = 4 * 1024 * 1024;
    private static final int TENANT_MAX = ALL_MAX / 2;
    private static final int OUTBOX_MAX = 64 * 1024;
    private static final int MANY = 500;

    private final Budget bytes = new Budget(new Bounds(ALL_MAX, TENANT_MAX, Bounds.NONE, Bounds.NONE));
    private final OutboxBudget budget = new OutboxBudget(bytes);
    private int overflows;

    @BeforeEach
    void thereAreTwoTenants() {
        bytes.take(Holder.ofTenant("shop"), 0);
        bytes.take(Holder.ofTenant("acme"), 0);
    }

    private final class Device {
        private final FakeSocket socket = new FakeSocket();
        private final Outbox outbox;

        private Device(String tenant, boolean reads) {
            socket.reading = reads;
            outbox = new Outbox(
                    socket,
                    ConnectionConfig.DEFAULT.outbox().withBytesMax(OUTBOX_MAX),
                    budget.share(Holder.ofTenant(tenant)),
                    () -> overflows++,
                    UnaryOperator.identity());
            outbox.open();
        }

        private void gets(ServerFrame frame) {
            outbox.send(frame);
            socket.run();
        }
    }

    private List<Device> deaf(String tenant, int count) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            devices.add(new Device(tenant, false));
        }
        return devices;
    }

    private static ServerFrame event(int number) {
        return MessageFrames.created(Deliveries.event("default", "c1", number, "x".repeat(1_024), "bob")
                .getEvent());
    }

    private static ServerFrame answer() {
        return ServerFrames.error("r", ErrorCode.INVALID_REQUEST, "x".repeat(1_024));
    }

    /// Without the budget these would hold 32 MiB.
    @Test
    void manyThatDoNotReadStayWithinItAndWhoReadsMissesNothing() {
        List<Device> deaf = deaf("acme", MANY);
        Device reader = new Device("acme", true);

        for (int number = 0; number < 100; number++) {
            ServerFrame event = event(number);
            deaf.forEach(device -> device.gets(event));
            reader.gets(event);
            assertThat(bytes.held()).isLessThanOrEqualTo(TENANT_MAX);
        }

        long held = deaf.stream().mapToLong(device -> device.outbox.bytes()).sum();
        assertThat(held).isLessThan(TENANT_MAX + MANY * (long) OutboxBudget.STEP_BYTES);
        assertThat(reader.socket.written).hasSize(100).noneMatch(frame -> frame.contains("resync"));
        assertThat(deaf).noneMatch(device -> device.outbox.isClosing());

        deaf.forEach(device -> device.socket.read());
        assertThat(deaf)
                .allMatch(device -> device.socket.written.stream().anyMatch(frame -> frame.contains("\"resync\"")));
        assertThat(bytes.held()).isZero();
    }

    @Test
    void answersThatNobodyReadsCloseWith1013AndNotWhoReads() {
        List<Device> deaf = deaf("acme", MANY);
        Device reader = new Device("acme", true);

        for (int i = 0; i < 200; i++) {
            deaf.forEach(device -> device.gets(answer()));
            reader.gets(answer());
            assertThat(bytes.held()).isLessThanOrEqualTo(TENANT_MAX + MANY * (long) OutboxBudget.STEP_BYTES);
        }

        assertThat(reader.socket.written).hasSize(200);
        assertThat(deaf).allMatch(device -> device.outbox.isClosing() && device.socket.cut);
    }

    @Test
    void frameForWhichNoRoomIsLeftIsToldAtOnceToAReader() {
        List<Device> deaf = deaf("acme", MANY);
        for (int number = 0; number < 100; number++) {
            for (Device device : deaf) {
                device.gets(event(number));
            }
        }
        Device reader = new Device("acme", true);

        reader.gets(MessageFrames.created(Deliveries.event("default", "c1", 1, "x".repeat(OUTBOX_MAX / 2), "bob")
                .getEvent()));
        reader.gets(event(2));

        assertThat(reader.socket.written).hasSize(2);
        assertThat(reader.socket.written.getFirst()).contains("\"resync\"", "c1");
        assertThat(reader.socket.written.getLast()).contains("\"sequenceNumber\":2");
    }

    @Test
    void whoHeldMuchBeforeOthersCameMakesRoomForThem() {
        Device first = new Device("acme", false);
        while (overflows == 0) {
            first.gets(event(0));
        }
        first.outbox.makeRoom();
        assertThat(first.outbox.isClosing()).isFalse();
        List<Device> others = deaf("acme", MANY);
        for (int number = 0; number < 20; number++) {
            for (Device other : others) {
                other.gets(event(number));
            }
        }

        first.outbox.makeRoom();
        first.socket.run();

        assertThat(first.outbox.isClosing()).isTrue();
        assertThat(first.socket.cut).isTrue();
        assertThat(first.outbox.bytes()).isLessThan(OUTBOX_MAX / 2);
        others.getFirst().outbox.makeRoom();
        assertThat(others.getFirst().outbox.isClosing()).isFalse();
        first.socket.read();
        assertThat(first.socket.closed).isEqualTo(CloseCode.TRY_AGAIN_LATER);
    }

    @Test
    void aTenantThatHoldsAllThatItMayLeavesTheOthersTheirUsualBound() {
        List<Device> deaf = deaf("acme", MANY);
        for (int number = 0; number < 100; number++) {
            for (Device device : deaf) {
                device.gets(event(number));
            }
        }

        assertThat(deaf.getFirst().outbox.bound()).isLessThan(OUTBOX_MAX / 4);
        assertThat(new Device("shop", false).outbox.bound()).isEqualTo(OUTBOX_MAX);
    }

    @Test
    void whatIsGoneHoldsNothingAndIsForgottenWhateverIsStillOnItsWay() {
        List<Device> deaf = deaf("acme", 5);
        deaf.forEach(device -> {
            for (int number = 0; number < 20; number++) {
                device.gets(event(number));
            }
        });
        assertThat(bytes.held()).isPositive();
        assertThat(bytes.holders()).isEqualTo(1);

        deaf.forEach(device -> device.outbox.discard());
        deaf.forEach(device -> device.outbox.discard());

        assertThat(bytes.held()).isZero();
        assertThat(bytes.holders()).isZero();
        deaf.forEach(device -> device.socket.read());
        assertThat(bytes.held()).isZero();
    }
}
