package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.http.TrustedProxies.Head;
import chat.milena.runtime.http.TrustedProxies.Network;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustedProxiesTest {
    private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.9");

    private static TrustedProxies trusting(Head head, String... networks) {
        return new TrustedProxies(Arrays.stream(networks).map(Network::parse).toList(), head);
    }

    private static String client(TrustedProxies proxies, InetAddress peer, String... lines) {
        return proxies.client(peer, List.of(lines)).getHostAddress();
    }

    @Test
    void lastAddressThatIsNoProxyIsTheClient() {
        TrustedProxies proxies = trusting(Head.X_FORWARDED_FOR, "10.0.0.0/8", "192.0.2.1");

        assertThat(client(proxies, PROXY, "203.0.113.7")).isEqualTo("203.0.113.7");
        assertThat(client(proxies, PROXY, "198.51.100.1, 203.0.113.7, 10.1.2.3"))
                .as("what stands before may be forged")
                .isEqualTo("203.0.113.7");
        assertThat(client(proxies, PROXY, "198.51.100.1", "203.0.113.7,192.0.2.1"))
                .as("several lines are one list")
                .isEqualTo("203.0.113.7");
    }

    @Test
    void strangerIsNotBelieved() {
        InetAddress stranger = InetAddress.ofLiteral("203.0.113.7");

        assertThat(client(trusting(Head.X_FORWARDED_FOR, "10.0.0.0/8"), stranger, "198.51.100.1"))
                .isEqualTo("203.0.113.7");
        assertThat(client(TrustedProxies.NONE, PROXY, "198.51.100.1")).isEqualTo("10.0.0.9");
    }

    @Test
    void entryThatCannotBeReadEndsAtTheLastGoodOne() {
        TrustedProxies proxies = trusting(Head.X_FORWARDED_FOR, "10.0.0.0/8");

        for (String bad : List.of("unknown", "", "proxy.example", "1.2.3", "999.1.1.1", "_hidden")) {
            assertThat(client(proxies, PROXY, "203.0.113.7, " + bad + ", 10.0.0.1"))
                    .as(bad)
                    .isEqualTo("10.0.0.1");
        }
        assertThat(client(proxies, PROXY)).isEqualTo("10.0.0.9");
        assertThat(client(proxies, PROXY, "203.0.113.7" + ", 10.0.0.1".repeat(32)))
                .as("33 entries")
                .isEqualTo("10.0.0.1");
    }

    @Test
    void portsAreCut() {
        TrustedProxies proxies = trusting(Head.X_FORWARDED_FOR, "10.0.0.0/8");

        assertThat(client(proxies, PROXY, "203.0.113.7:4711")).isEqualTo("203.0.113.7");
        assertThat(client(proxies, PROXY, "[2001:db8::1]:4711")).isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(client(proxies, PROXY, "2001:db8::1")).isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(client(proxies, PROXY, "::ffff:203.0.113.7")).isEqualTo("203.0.113.7");
    }

    @Test
    void forwardedIsReadWhereItIsChosen() {
        TrustedProxies proxies = trusting(Head.FORWARDED, "10.0.0.0/8");

        assertThat(client(proxies, PROXY, "for=198.51.100.1, for=203.0.113.7;proto=https;by=10.0.0.1"))
                .isEqualTo("203.0.113.7");
        assertThat(client(proxies, PROXY, "proto=https;For=\"[2001:db8::1]:4711\""))
                .isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(client(proxies, PROXY, "for=unknown")).isEqualTo("10.0.0.9");
    }

    @Test
    void networksThatAreNoneAreRefused() {
        for (String bad : List.of("10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "proxy.example", "::/129")) {
            assertThatThrownBy(() -> Network.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
