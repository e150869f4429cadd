/// The ids of tenants, users, conversations and messages: their alphabets and how they are made.
@NullMarked
package chat.milena.schemas.id;

import org.jspecify.annotations.NullMarked;
