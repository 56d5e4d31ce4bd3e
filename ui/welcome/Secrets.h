// Where secrets cross between widgets and guarded memory.
#pragma once

#include "core/base/SecretBytes.h"

#include <vector>

class QLineEdit;

namespace tallylock::ui {

/// Moves the field's text into guarded memory, as UTF-8, and leaves the field empty and its old text overwritten.
SecretBytes takeSecret(QLineEdit& field);
/// Overwrites and clears a field whose text is not wanted any more.
void dropSecret(QLineEdit& field);

/// The words of a phrase, as views into it.
std::vector<ByteView> wordsOf(const SecretBytes& phrase);

} // namespace tallylock::ui
