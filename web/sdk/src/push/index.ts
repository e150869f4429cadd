export { devices, signOutDevice } from "./devices.js";
export type { Device } from "./devices.js";
export { conversationNotifications, notificationSettings, setConversationLevel, setNotificationSettings } from "./settings.js";
export type { ConversationNotifications, NotificationLevel, NotificationSettings, Preview, QuietHours } from "./settings.js";
export { disablePush, enablePush, pushState, startPush } from "./push.js";
export type { PushOptions, PushState } from "./push.js";
