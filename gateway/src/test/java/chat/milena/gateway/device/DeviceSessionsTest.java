package chat.milena.gateway.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.gateway.FakeDevices;
import chat.milena.gateway.delivery.LoggedDelivery;
import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.runtime.token.InvalidTokenException;
import chat.milena.runtime.token.TokenKeysUnavailableException;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.schemas.avro.ChangedDevice;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeviceSessionsTest {
    private static final int SHARDS = 2;
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final UserKey ALICE = new UserKey("shop", "alice");
    private static final DeviceKey PHONE = new DeviceKey(ALICE, "phone");

    private final FakeDevices kept = new FakeDevices();
    private final DeviceSessions sessions = new DeviceSessions(kept, SHARDS);
    private final AtomicInteger ended = new AtomicInteger();

    private static VerifiedToken token(@Nullable Instant issuedAt) {
        return new VerifiedToken("shop", "alice", null, NOON.plusSeconds(60), false, false, issuedAt, null);
    }

    private DeviceSessions.Session enter(@Nullable Instant issuedAt) throws InvalidTokenException {
        DeviceSessions.Session session = sessions.enter(token(issuedAt), "conn_1", "phone");
        session.onSignOut(ended::incrementAndGet);
        return session;
    }

    private void signsOut(String tenant, String deviceId, Instant at) {
        Delivery delivery = new Delivery();
        delivery.setTenant(tenant);
        delivery.setConversationId("");
        delivery.setRecipients(List.of("alice"));
        delivery.setDevice(new ChangedDevice(deviceId, at));
        sessions.accept(new LoggedDelivery(0, 0, 0, -1, new byte[0], delivery));
    }

    @Test
    void signOutEndsTheClientsOfItsDeviceAloneAndOnce() throws InvalidTokenException {
        enter(NOON);
        enter(null);

        signsOut("shop", "laptop", NOON);
        signsOut("other", "phone", NOON);
        assertThat(ended).hasValue(0);

        signsOut("shop", "phone", NOON);
        signsOut("shop", "phone", NOON.plusMillis(1));
        assertThat(ended).hasValue(2);
    }

    @Test
    void whoHasLeftIsNotEnded() throws InvalidTokenException {
        DeviceSessions.Session session = enter(NOON);
        session.leave();
        session.leave();

        signsOut("shop", "phone", NOON);

        assertThat(ended).hasValue(0);
    }

    @Test
    void tokenThatIsNotYoungerIsRefusedAndAYoungerOneIsNot() throws InvalidTokenException {
        kept.kept.put(PHONE, new Kept("phone", NOON.toString(), NOON.toEpochMilli(), null));

        for (Instant issuedAt : new Instant[] {null, NOON, NOON.minusSeconds(1)}) {
            assertThatThrownBy(() -> enter(issuedAt)).isInstanceOf(InvalidTokenException.SignedOutException.class);
        }
        DeviceSessions.Session session = enter(NOON.plusMillis(1));
        assertThatThrownBy(() -> session.check(token(NOON)))
                .as("a refresh goes back to an old one")
                .isInstanceOf(InvalidTokenException.SignedOutException.class);
        session.check(token(NOON.plusMillis(1)));
        sessions.enter(token(null), "conn_2", null);
    }

    /// It is delivered late, and the client has come after it.
    @Test
    void signOutThatIsKnownAlreadyDoesNotEndAClientThatCameAfterIt() throws InvalidTokenException {
        kept.kept.put(PHONE, new Kept("phone", NOON.toString(), NOON.toEpochMilli(), null));
        enter(NOON.plusMillis(5));

        signsOut("shop", "phone", NOON);
        assertThat(ended).hasValue(0);

        signsOut("shop", "phone", NOON.plusMillis(1));
        assertThat(ended).hasValue(1);
    }

    /// The answer is from before the sign-out, whose delivery comes before the client is open.
    @Test
    void signOutWhileTheQuestionIsOnItsWayEndsTheClient() throws InvalidTokenException {
        kept.meanwhile = () -> signsOut("shop", "phone", NOON);

        enter(NOON);

        assertThat(ended).hasValue(1);
    }

    @Test
    void nobodyComesInWhileTheQuerySideIsAway() throws InvalidTokenException {
        kept.away = true;

        assertThatThrownBy(() -> enter(NOON)).isInstanceOf(TokenKeysUnavailableException.class);
        sessions.enter(token(null), "conn_1", null);
        kept.away = false;
        signsOut("shop", "phone", NOON);
        assertThat(ended).as("who was refused has left").hasValue(0);
    }

    @Test
    void connectionWithoutADeviceIsEndedByItsName() throws InvalidTokenException {
        sessions.enter(token(null), "conn_9", null).onSignOut(ended::incrementAndGet);

        signsOut("shop", "conn_9", NOON);
        assertThat(ended).hasValue(0);
        signsOut("shop", "~conn_9", NOON);
        assertThat(ended).hasValue(1);
    }

    /// Ten thousand clients come back together. Each question waits for the one barrier that all of them share.
    @Test
    void herdAsksInTurnAndAllOfItIsAdmitted() throws InterruptedException {
        int clients = 10_000;
        AtomicInteger asking = new AtomicInteger();
        AtomicInteger askingMost = new AtomicInteger();
        AtomicInteger admitted = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(DeviceSessions.QUESTIONS_MAX);
        int shared = clients - clients % DeviceSessions.QUESTIONS_MAX;
        AtomicInteger asked = new AtomicInteger();
        kept.meanwhile = () -> {
            askingMost.accumulateAndGet(asking.incrementAndGet(), Math::max);
            if (asked.incrementAndGet() <= shared) {
                pass(barrier);
            }
            asking.decrementAndGet();
        };
        List<Thread> herd = IntStream.range(0, clients)
                .mapToObj(client -> Thread.ofVirtual().start(() -> {
                    try {
                        sessions.enter(token(NOON), "conn_" + client, "d" + client);
                        admitted.incrementAndGet();
                    } catch (InvalidTokenException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (Thread one : herd) {
            one.join();
        }

        assertThat(admitted).hasValue(clients);
        assertThat(askingMost).as("as many as may, and no more").hasValue(DeviceSessions.QUESTIONS_MAX);
    }

    private static void pass(CyclicBarrier barrier) {
        try {
            barrier.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void viewThatDoesNotAnswerHoldsUpTheUsersOfItsOwnShardAlone() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch asking = new CountDownLatch(DeviceSessions.QUESTIONS_MAX);
        kept.meanwhile = () -> {
            asking.countDown();
            await(held);
        };
        List<Thread> herd = IntStream.range(0, 2 * DeviceSessions.QUESTIONS_MAX)
                .mapToObj(client -> Thread.ofVirtual().start(() -> sessions.signedOutAt(ALICE, "d" + client)))
                .toList();
        await(asking);
        kept.meanwhile = () -> {};

        UserKey other = IntStream.range(0, 100)
                .mapToObj(i -> new UserKey("shop", "u" + i))
                .filter(user -> !user.shard(SHARDS).equals(ALICE.shard(SHARDS)))
                .findFirst()
                .orElseThrow();
        assertThat(sessions.signedOutAt(other, "phone")).isNull();

        held.countDown();
        for (Thread one : herd) {
            one.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
