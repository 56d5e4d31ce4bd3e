#include "core/rails/couriers/CardCourier.h"

#include "core/keys/PrivateFile.h"
#include "core/rails/couriers/Addresses.h"
#include "core/rails/couriers/LetterText.h"

namespace tallylock::rails {

bool CardCourier::takes(const std::string& address) const { return !postalLines(address).empty(); }

ports::LetterOutcome CardCourier::send(const ports::WordLetter& letter, JobControl&) {
    const std::string name = "sale-" + std::to_string(letter.sale.value) + "-" + letter.id.hex().substr(0, 8) + ".txt";
    const SecretBytes page = cardText(letter, postalLines(letter.address));
    if (!keys::writePrivateFile(m_folder + "/" + name, page.view(), keys::Replace::Yes))
        return {wire::CourierFailure::StoreFailed, false};
    return {};
}

} // namespace tallylock::rails
