// Part 2 on paper: a page of text in a folder, for the printer of whoever runs the key server. Who prints and posts it
// deletes it.
#pragma once

#include "core/ports/WordCourier.h"

namespace tallylock::rails {

class CardCourier final : public ports::WordCourier {
public:
    /// The folder exists and is its owner's alone.
    explicit CardCourier(std::string folder) : m_folder(std::move(folder)) {}
    wire::PartTwoWay way() const override { return wire::PartTwoWay::Card; }
    bool takes(const std::string& address) const override;
    /// "sale-7-1a2b3c4d.txt", mode 0600; a second attempt writes the same file.
    ports::LetterOutcome send(const ports::WordLetter& letter, JobControl& control) override;

private:
    std::string m_folder;
};

} // namespace tallylock::rails
