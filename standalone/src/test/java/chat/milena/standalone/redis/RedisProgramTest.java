package chat.milena.standalone.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisProgramTest {
    @Test
    void majorVersionIsReadAndAnythingElseIsNone() {
        assertThat(RedisProgram.major("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64\n"))
                .hasValue(7);
        assertThat(RedisProgram.major("Redis server v=6.2.11 sha=0")).hasValue(6);
        assertThat(RedisProgram.major("Valkey server v=8.1.0 sha=0")).hasValue(8);
        assertThat(RedisProgram.major("Redis server version 2.2")).isEmpty();
        assertThat(RedisProgram.major("")).isEmpty();
        assertThat(RedisProgram.major("v=99999999999.1")).isEmpty();
    }
}
