/// The views in this process: the application that fills them, its versions, and how a store is read.
@NullMarked
package chat.milena.syncapi.view;

import org.jspecify.annotations.NullMarked;
