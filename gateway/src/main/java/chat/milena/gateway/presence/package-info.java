/// Who is there and who is typing: kept in Redis, told between gateways through it, and never in the way of a message.
///
/// ```
/// LiveReceiver ─▶ PresenceHandler ─▶ LocalUsers, Watchers ─┐
///              └▶ TypingHandler ─▶ MemberCache             ├─▶ PresenceThread ─▶ PresenceStore ─▶ Redis
/// connections ◀─ PresenceRelay ◀───────────────────────────┴──────────────────────── its channels
/// ```
@NullMarked
package chat.milena.gateway.presence;

import org.jspecify.annotations.NullMarked;
