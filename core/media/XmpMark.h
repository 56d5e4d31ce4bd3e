// The mark as a property of XMP (ISO 16684-1), in the metadata of a picture.
#pragma once

#include "core/media/Input.h"

namespace tallylock::media {

/// In an XMP packet; "" makes a new one. Other properties stay. NotSupported: it is not XMP.
Outcome<std::string> packetWithMark(const std::string& packet, ByteView mark);
/// Empty: none. The bytes are not verified.
Bytes markInPacket(const std::string& packet);

/// The whole picture with the mark in its metadata; the coded pixels are copied as they are.
Outcome<Bytes> imageWithMark(ByteView image, ByteView mark);
/// Empty: none.
Outcome<Bytes> markInImage(ByteView image);
/// Before the sandbox, and before any other of these.
void warmUpXmp();

} // namespace tallylock::media
