// What an authenticator is given: a picture to be photographed, and the same as letters to be typed in.
#pragma once

#include "core/api/Guard.h"

#include <QWidget>

namespace tallylock::ui {

/// Kept in guarded memory; what draws it has copies for a moment, and does not wipe them. Always black on white: a
/// camera reads nothing else.
class FactorPicture : public QWidget {
    Q_OBJECT
public:
    explicit FactorPicture(QWidget* parent = nullptr);
    void setOffer(const api::FactorOffer& offer);
    void clear();
    bool hasPicture() const { return m_modules > 0; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SecretBytes m_squares; ///< m_modules rows of so many; 1: black
    int m_modules = 0;
    std::shared_ptr<const SecretBytes> m_letters;
};

} // namespace tallylock::ui
