package chat.milena.conversation.judge;

import java.util.HashMap;
import java.util.Map;

/// Letters that look like a letter of the Latin alphabet. Pure.
///
/// Made from the confusables of Unicode 14 (UTS 39, © Unicode, Inc., Unicode License): the single letters of
/// Latin, Greek, Cyrillic, Armenian, Cherokee, Coptic and Lisu whose skeleton is one letter from a to z. Case does
/// not count in words, so a letter has the twin of its capital where only the capital has one. Digits are no
/// letters, and have none.
final class Confusables {
    /// The letter, then its twins.
    private static final String[] TWINS = {
        "aɑαаꓮꭺ",
        "bƀƃƅɓβбвьѣҍᏼꓐꞵꮟ",
        "cȼςсҫᴄⲥꓚꮯ",
        "dðđƌɖɗԁꓒꓓꭰꮷ",
        "eɇεеҽҿꓰꬲꭼ",
        "fƒϝքᵮẝꓝꞙꬵ",
        "gƍǥɠɡԍցᏻᶃꓖꮐ",
        "hħɦнћңһӈӊհᏺⱨⲏꓧꚕꮋꮒ",
        "iıɨɩɪιіӏᵻᵼꙇꭵ",
        "jɉʝϳјꓙꭻ",
        "kƙκкқҟⱪⲕꓗꝁꮶ",
        "lłƚǀɫɭⲓⳑꓡꓲꮮ",
        "mμϻмӎⲙꓟꮇ",
        "nƞɲɳηոռᵰⲛꓠ",
        "oøɵθοσоѳөօᴏᴑⲟꓳꝋꬽꬾꭴꮎꮻ",
        "pƥρрᵽⲣꓑꮲ",
        "qʠԛգզ",
        "rɍɼɽʀгғᴦᵲⲅꓣꭇꭈꭱꮁꮢ",
        "sƽʂѕտᵴꓢꜱꮥꮪ",
        "tŧƭʈτтҭᵵⱦⲧꓔꭲ",
        "uʉʋυսᴜᵾꓴꞟꭎꭒꮜ",
        "vνѵᴠꓦꮩ",
        "wɯѡѽԝաᴡꓪꝡꮃꮤ",
        "xχхҳⲭꓫꭓ",
        "yƴɏɣʏγуүұᶌỿⲩꓬꭚꭹꮍ",
        "zƶȥʐζᴢᵶꓜꮓ"
    };

    private static final Map<Integer, Integer> LETTERS = letters();

    private Confusables() {}

    /// The letter that this one looks like; itself if there is none.
    static int letter(int codePoint) {
        return codePoint < 0x80 ? codePoint : LETTERS.getOrDefault(codePoint, codePoint);
    }

    private static Map<Integer, Integer> letters() {
        Map<Integer, Integer> letters = new HashMap<>();
        for (String row : TWINS) {
            int letter = row.codePointAt(0);
            row.codePoints().skip(1).forEach(twin -> letters.put(twin, letter));
        }
        return Map.copyOf(letters);
    }
}
