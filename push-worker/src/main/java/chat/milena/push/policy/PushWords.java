package chat.milena.push.policy;

import chat.milena.protocol.call.PushFacts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The words of a push in one language. `%s` and `%d` stand for names and numbers.
record PushWords(
        String language,
        String newMessage,
        String newMessages,
        String image,
        String file,
        String location,
        String senderInGroup) {
    private static final PushWords ENGLISH =
            new PushWords("en", "New message", "%d new messages", "Photo", "File", "Location", "%s in %s");

    private static final Map<String, PushWords> BY_LANGUAGE = List.of(
                    ENGLISH,
                    new PushWords(
                            "de", "Neue Nachricht", "%d neue Nachrichten", "Foto", "Datei", "Standort", "%s in %s"),
                    new PushWords(
                            "fr",
                            "Nouveau message",
                            "%d nouveaux messages",
                            "Photo",
                            "Fichier",
                            "Position",
                            "%s dans %s"),
                    new PushWords(
                            "es", "Mensaje nuevo", "%d mensajes nuevos", "Foto", "Archivo", "Ubicación", "%s en %s"),
                    new PushWords(
                            "it", "Nuovo messaggio", "%d nuovi messaggi", "Foto", "File", "Posizione", "%s in %s"),
                    new PushWords(
                            "pt", "Nova mensagem", "%d novas mensagens", "Foto", "Arquivo", "Localização", "%s em %s"),
                    new PushWords(
                            "nl", "Nieuw bericht", "%d nieuwe berichten", "Foto", "Bestand", "Locatie", "%s in %s"))
            .stream()
            .collect(Collectors.toUnmodifiableMap(PushWords::language, words -> words));

    /// Those of a locale, else English.
    ///
    /// @param locale as BCP 47 has it; null for none
    static PushWords of(@Nullable String locale) {
        return locale == null
                ? ENGLISH
                : BY_LANGUAGE.getOrDefault(Locale.forLanguageTag(locale).getLanguage(), ENGLISH);
    }

    String messages(int count) {
        return count == 1 ? newMessage : String.format(Locale.ROOT, newMessages, count);
    }

    String inGroup(String sender, String group) {
        return String.format(Locale.ROOT, senderInGroup, sender, group);
    }

    /// What stands for a content: its text, else a word for its type.
    String body(PushFacts.Content content) {
        String text = content.text();
        if (text != null && !text.isBlank()) {
            return text;
        }
        return switch (content.type()) {
            case "image" -> image;
            case "file" -> file;
            case "location" -> location;
            default -> newMessage;
        };
    }
}
