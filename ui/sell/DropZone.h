// The place where a file is dropped; shows what was chosen.
#pragma once

#include "ui/kit/PreviewPicture.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace tallylock::ui {

class PlainLabel;

class DropZone : public QFrame {
    Q_OBJECT

public:
    explicit DropZone(QWidget* parent = nullptr);

    QPushButton* button() const { return m_button; }
    void showNothing();
    void showFile(const PreviewFace& face, const QString& name, const QString& about);

signals:
    void dropped(const QString& path);
    void chooseRequested();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    PreviewPicture* m_picture;
    QLabel* m_icon;
    PlainLabel* m_name;
    QLabel* m_about;
    QPushButton* m_button;
    bool m_hovered = false;
};

} // namespace tallylock::ui
