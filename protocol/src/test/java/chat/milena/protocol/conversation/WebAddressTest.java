package chat.milena.protocol.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://cdn.example.com/a.png",
                "HTTP://EXAMPLE.COM",
                "https://my_bucket.s3.example.com/a.png",
                "https://bücher.example/a.png",
                "https://例え.テスト/",
                "https://xn--bcher-kva.example/",
                "https://cdn.example.com/a[1].png",
                "https://cdn.example.com/a b|{c}^`.png?q=\"x\"&y=<z>#[1]",
                "https://cdn.example.com/%zz?100%",
                "https://cdn.example.com/höhe/🎉.png",
                "https://user:p@ss@cdn.example.com:8443/a",
                "https://cdn.example.com:/a",
                "https://cdn.example.com?size=1",
                "https://cdn.example.com#top",
                "https://cdn.example.com\\a.png",
                "https://%65xample.com/",
                "http://localhost:9000/a",
                "http://[::1]:8080/a",
                "http://[2001:db8::1]/",
                "http://127.0.0.1/",
                "http://0x7f.1/",
                "https://1.2.3.4.example/",
                "https://example.com./a"
            })
    void whatBrowsersOpenIsAnAddress(String text) {
        assertThat(WebAddress.opens(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a.png",
                "/a.png",
                "//cdn.example.com/a.png",
                "ftp://example.com/a",
                "javascript:alert(1)",
                "data:image/png;base64,AA",
                "https:example.com",
                "https:/example.com",
                "https://",
                "https:///a",
                "https://?a",
                "https://user@/a",
                " https://example.com/",
                "https://example.com/ ",
                "https://exa mple.com/",
                "https://exa%20mple.com/",
                "https://exa<mple.com/",
                "https://exa／mple.com/",
                "https://%zz.example.com/",
                "https://example.com:99999/",
                "https://example.com:80a/",
                "https://[::1/",
                "https://[::1%eth0]/",
                "https://[hello]/",
                "https://256.256.256.256/",
                "https://1.2.3.4.5/",
                "https://example.09/",
                "https://example.com/a\nb",
                "https://example.com/\u0000"
            })
    void whatTheyDoNotOpenIsNone(String text) {
        assertThat(WebAddress.opens(text)).isFalse();
    }
}
