package chat.milena.conversation.judge;

import chat.milena.schemas.avro.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The content of a message, as rules look at it. Immutable.
///
/// @param texts as they were written: the text, the media URL and the name of the file that it ends with
/// @param words of each of them, in each way in which they may be read, the usual one first
/// @param hasLink whether the text has a link
public record JudgedContent(List<String> texts, List<List<List<String>>> words, boolean hasLink) {

    public JudgedContent {
        texts = List.copyOf(texts);
        words = List.copyOf(words);
    }

    /// The content of a message.
    public static JudgedContent of(Content content) {
        return of(content.getText(), content.getMediaUrl());
    }

    /// This text and this media URL.
    public static JudgedContent of(@Nullable String text, @Nullable String mediaUrl) {
        List<String> texts = new ArrayList<>();
        if (text != null && !text.isEmpty()) {
            texts.add(text);
        }
        if (mediaUrl != null) {
            texts.add(mediaUrl);
            texts.add(FileNames.of(mediaUrl));
        }
        return new JudgedContent(texts, texts.stream().map(Words::readings).toList(), text != null && Links.isIn(text));
    }

    /// Stands for the content: equal for contents with equal words. A cut SHA-256.
    public long hash() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            // What has no word, such as emojis alone, is compared as it was written.
            List<String> usual = words.get(i).getFirst();
            parts.add(usual.isEmpty() ? texts.get(i) : String.join(" ", usual));
        }
        byte[] bytes = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
