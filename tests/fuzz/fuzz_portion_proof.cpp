// Proofs of single portions. Bytes: what decodes is encoded again to the same. And a true proof, altered: it proves
// only what it proved before.
#include "core/asset/PortionProof.h"
#include "core/crypto/Merkle.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::asset;
using fuzz::require;

static void alterTrue(fuzz::Choices choices) {
    const std::size_t count = 1 + choices.byte() % 70u;
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < count; ++i)
        leaves.push_back(crypto::merkleLeaf(Bytes(3, static_cast<std::uint8_t>(i))));
    const Hash root = crypto::merkleRoot(leaves);
    const std::size_t index = choices.byte() % count;
    LeafProof proof = proveLeaf(leaves, index);
    require(verifyLeaf(leaves[index], proof, count, root).ok(), "a true proof proves");
    for (std::size_t i = 0; i < count; ++i) {
        if (i != index) require(!verifyLeaf(leaves[i], proof, count, root), "it proves no other leaf");
    }
    const LeafProof before = proof;
    switch (choices.byte() % 5) {
    case 0: proof.index = choices.number(); break;
    case 1: proof.count = choices.number(); break;
    case 2: proof.path.resize(choices.byte()); break;
    case 3:
        if (!proof.path.empty()) proof.path[choices.byte() % proof.path.size()].bytes[0] ^= 1;
        break;
    default:
        if (!proof.path.empty()) proof.path.erase(proof.path.begin());
    }
    require(verifyLeaf(leaves[index], proof, count, root).ok() == (proof == before), "altered, it proves nothing");
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto proof = decodeCbor<LeafProof>(input)) {
        require(fuzz::same(encodeCbor(*proof), input), "a proof is written as it was read");
        static_cast<void>(verifyLeaf(Hash{}, *proof, proof->count, Hash{}));
    }
    alterTrue(fuzz::Choices(input));
    return 0;
}
