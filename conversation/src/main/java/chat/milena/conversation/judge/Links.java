package chat.milena.conversation.judge;

import com.google.re2j.Pattern;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/// Finds links in texts. Pure.
///
/// A link has a scheme, begins with `www.`, is a host name with a path, or a host name that ends like those that
/// spam most often names. Invisible characters and full-width forms hide none.
final class Links {
    private static final Pattern LINK = Pattern.compile("(?i)"
            + "\\bh(?:tt|xx)ps?://[^\\s/]"
            + "|\\bwww\\.[a-z0-9-]+\\.[a-z]"
            + "|\\b(?:[a-z0-9][a-z0-9-]*\\.)+[a-z]{2,24}/[^\\s.,;:!?)]"
            + "|\\b(?:[a-z0-9][a-z0-9-]*\\.)+(?:com|net|org|info|biz|io|ly|ru|cn|tk|xyz|top|shop|site|online|club)\\b");

    private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}+");

    private Links() {}

    /// Whether there is one.
    static boolean isIn(String text) {
        String plain = INVISIBLE.matcher(Normalizer.normalize(text, Form.NFKC)).replaceAll("");
        return LINK.matcher(plain).find();
    }
}
