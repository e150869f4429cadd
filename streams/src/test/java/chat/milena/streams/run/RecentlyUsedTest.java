package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentlyUsedTest {
    private final RecentlyUsed<String, String> entries = new RecentlyUsed<>(String::length, 10);

    @Test
    void whatWasNotUsedForLongestIsDroppedBeyondTheBound() {
        entries.put("a", "1234");
        entries.put("b", "1234");
        entries.get("a");

        entries.put("c", "1");

        assertThat(entries.get("a")).isEqualTo("1234");
        assertThat(entries.get("b")).isNull();
        assertThat(entries.get("c")).isEqualTo("1");
    }

    @Test
    void entriesWithoutSizeAreBoundedToo() {
        for (int i = 0; i < 11; i++) {
            entries.put("entry " + i, "");
        }

        assertThat(entries.get("entry 0")).isNull();
        assertThat(entries.get("entry 1")).isEmpty();
    }

    @Test
    void replacedEntryWeighsNoMore() {
        for (int i = 0; i < 100; i++) {
            entries.put("a", "1234");
        }
        entries.put("b", "1234");

        assertThat(entries.get("a")).isNotNull();
        assertThat(entries.get("b")).isNotNull();
    }

    @Test
    void lastEntryStaysHoweverHeavy() {
        entries.put("a", "1");
        entries.put("b", "12345678901234567890");
        assertThat(entries.get("a")).isNull();
        assertThat(entries.get("b")).isNotNull();

        entries.put("c", "123456789");
        entries.put("d", "");

        assertThat(entries.get("b")).isNull();
        assertThat(entries.get("c")).isNull();
        assertThat(entries.get("d")).isNotNull();
    }
}
