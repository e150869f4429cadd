package chat.milena.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void portsAreFreeDifferentAndNoneThatTheSystemGivesOut() throws Exception {
        List<Integer> ports = FreePorts.take(20);

        assertThat(ports).hasSize(20).doesNotHaveDuplicates().allMatch(port -> port < FreePorts.systemFrom());
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                assertThat(socket.getLocalPort()).isEqualTo(port);
            }
        }
    }
}
