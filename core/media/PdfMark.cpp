#include "core/media/PdfMark.h"

#include "core/media/XmpMark.h"

#include <qpdf/JSON.hh> // which QPDF.hh uses, but only declares
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

namespace tallylock::media {
namespace {

void load(QPDF& pdf, ByteView bytes) {
    pdf.setSuppressWarnings(true);
    pdf.processMemoryFile("pdf", reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// Writing again would break a signature.
bool isSigned(QPDF& pdf) {
    QPDFObjectHandle root = pdf.getRoot();
    if (root.hasKey("/Perms")) return true;
    QPDFObjectHandle form = root.getKey("/AcroForm");
    if (!form.isDictionary()) return false;
    QPDFObjectHandle flags = form.getKey("/SigFlags");
    return flags.isInteger() && flags.getIntValue() != 0;
}

std::string metadataOf(QPDFObjectHandle root) {
    QPDFObjectHandle stream = root.getKey("/Metadata");
    if (!stream.isStream()) return {};
    const auto data = stream.getStreamData(qpdf_dl_generalized);
    return {reinterpret_cast<const char*>(data->getBuffer()), data->getSize()};
}

} // namespace

Outcome<Bytes> pdfWithMark(ByteView bytes, ByteView mark) {
    try {
        QPDF pdf;
        pdf.setAttemptRecovery(false); // what has to be guessed is not written anew
        load(pdf, bytes);
        if (pdf.isEncrypted() || isSigned(pdf)) return Err(MediaError::Locked);
        QPDFObjectHandle root = pdf.getRoot();
        const auto packet = packetWithMark(metadataOf(root), mark);
        if (!packet) return Err(packet.error());
        QPDFObjectHandle stream = root.getKey("/Metadata");
        if (stream.isStream()) {
            stream.replaceStreamData(*packet, QPDFObjectHandle::newNull(), QPDFObjectHandle::newNull());
        } else {
            stream = QPDFObjectHandle::newStream(&pdf, *packet);
        }
        stream.getDict().replaceKey("/Type", QPDFObjectHandle::newName("/Metadata"));
        stream.getDict().replaceKey("/Subtype", QPDFObjectHandle::newName("/XML"));
        root.replaceKey("/Metadata", stream);
        QPDFWriter writer(pdf);
        writer.setOutputMemory();
        writer.setStreamDataMode(qpdf_s_preserve);
        writer.setObjectStreamMode(qpdf_o_preserve);
        writer.setPreserveUnreferencedObjects(true);
        writer.setDeterministicID(true);
        writer.setLinearization(pdf.isLinearized());
        writer.write();
        const auto buffer = writer.getBufferSharedPointer();
        return bytesOf(ByteView(buffer->getBuffer(), buffer->getSize()));
    } catch (const QPDFExc& error) {
        return Err(error.getErrorCode() == qpdf_e_password ? MediaError::Locked : MediaError::NotSupported);
    }
}

Outcome<Bytes> markInPdf(ByteView bytes) {
    try {
        QPDF pdf;
        load(pdf, bytes);
        const std::string packet = metadataOf(pdf.getRoot());
        return packet.empty() ? Bytes() : markInPacket(packet);
    } catch (const QPDFExc& error) {
        return Err(error.getErrorCode() == qpdf_e_password ? MediaError::Locked : MediaError::Damaged);
    }
}

} // namespace tallylock::media
