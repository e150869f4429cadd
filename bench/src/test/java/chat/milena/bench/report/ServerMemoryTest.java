package chat.milena.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.client.UsageFailure;
import org.junit.jupiter.api.Test;

class ServerMemoryTest {
    @Test
    void readsTheUsedHeapOfEachCollector() {
        assertThat(ServerMemory.usedHeap("""
                 garbage-first heap   total reserved 1048576K, committed 65536K, used 12345K [0x0, 0x1)
                  region size 1024K, 2 young (2048K), 0 survivors (0K)
                 Metaspace       used 6789K, committed 7000K, reserved 1114112K
                """)).isEqualTo(12_345L << 10);
        assertThat(ServerMemory.usedHeap("""
                 def new generation   total 9216K, used 1000K [0x0, 0x1, 0x2)
                  eden space 8192K,  12% used [0x0, 0x1, 0x2)
                 tenured generation   total 10240K, used 2000K [0x0, 0x1, 0x2)
                 Metaspace       used 6789K, committed 7000K, reserved 1114112K
                """)).isEqualTo(3000L << 10);
        assertThat(ServerMemory.usedHeap(" ZHeap           used 32M, capacity 64M, max capacity 1024M"))
                .isEqualTo(32L << 20);
    }

    @Test
    void saysSoWhereTheHeapIsNotTold() {
        assertThatThrownBy(() -> ServerMemory.usedHeap("Metaspace used 6789K")).isInstanceOf(UsageFailure.class);
    }

    @Test
    void aProcessThatIsNoJvmIsAMistake() {
        assertThatThrownBy(() -> ServerMemory.read(Integer.MAX_VALUE)).isInstanceOf(UsageFailure.class);
    }
}
