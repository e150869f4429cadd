package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.ephemeral.rate.RateConfig.Clients;
import chat.milena.runtime.limit.ClientAddress;
import chat.milena.runtime.limit.RateLimiter.Refused;
import chat.milena.schemas.key.UserKey;
import java.net.InetAddress;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConnectionRatesTest {
    private static final int PER_SECOND = 100;

    private final AtomicLong nanos = new AtomicLong();
    private final Random random = new Random(1);
    private final ConnectionRates rates =
            new ConnectionRates(new Clients(PER_SECOND, 20, 0), nanos::get, random::nextInt);

    private static ClientAddress address(int number) throws Exception {
        return ClientAddress.of(InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number}));
    }

    private static UserKey user(int number) {
        return new UserKey("acme", "user" + number);
    }

    @Test
    void userWhoReconnectsFromEverywhereKeepsNobodyElseOut() throws Exception {
        int opened = 0;
        for (int attempt = 0; attempt < 1_000; attempt++) {
            opened += rates.take(user(0), address(attempt)) instanceof Refused ? 0 : 1;
        }

        assertThat(opened).isEqualTo(20);
        assertThat(rates.take(user(1), address(1_001))).isNotInstanceOf(Refused.class);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(rates.take(user(0), address(1_002))).isNotInstanceOf(Refused.class);
    }

    @Test
    void userPaysNothingWhereTheGatewayRefuses() throws Exception {
        for (int client = 1; client <= PER_SECOND; client++) {
            rates.take(user(client), address(client));
        }
        for (int attempt = 0; attempt < 100; attempt++) {
            assertThat(rates.takeGateway(user(0))).isInstanceOf(Refused.class);
        }

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        for (int connection = 0; connection < 20; connection++) {
            assertThat(rates.takeGateway(user(0))).isNotInstanceOf(Refused.class);
        }
    }

    @Test
    void crowdThatIsRefusedAtOnceComesBackAboutAsFastAsItIsLetIn() throws Exception {
        int[] comeBack = new int[100];
        for (int client = 0; client < 5_000; client++) {
            if (rates.take(user(client), address(client)) instanceof Refused refused) {
                comeBack[(int) refused.retryAfterSeconds()]++;
            }
        }

        assertThat(comeBack[0]).isZero();
        int last = 0;
        for (int second = 1; second < comeBack.length; second++) {
            assertThat(comeBack[second]).isLessThan(7 * PER_SECOND);
            last = comeBack[second] > 0 ? second : last;
        }
        assertThat(last).isBetween(35, 60);
    }

    @Test
    void fewWhoAreRefusedComeBackSoonButNotAllAtOnce() throws Exception {
        int[] comeBack = new int[100];
        for (int second = 0; second < 50; second++) {
            for (int client = 0; client < 22; client++) {
                if (rates.take(user(client), address(1)) instanceof Refused refused) {
                    comeBack[(int) refused.retryAfterSeconds()]++;
                }
            }
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }

        assertThat(comeBack[1]).isPositive();
        assertThat(comeBack[2]).isPositive();
        assertThat(comeBack[1] + comeBack[2]).isEqualTo(100);
    }
}
