#include "standards/vocab/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

namespace carebench {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

namespace {

// SHA-256 fails only when memory is gone or the library is broken; a wrong digest must not go on.
void must(int done) {
  if (done != 1) std::abort();
}

}  // namespace

Sha256::Sha256() : state_(std::make_unique<State>()) {
  must(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) {
  must(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string Sha256::hex() const {
  State copy;
  must(EVP_MD_CTX_copy_ex(copy.context, state_->context));
  std::array<std::uint8_t, 32> digest{};
  unsigned size = 0;
  must(EVP_DigestFinal_ex(copy.context, digest.data(), &size));
  return to_hex({digest.data(), size});
}

std::string sha256_hex(ByteView bytes) {
  Sha256 sha;
  sha.update(bytes);
  return sha.hex();
}

}  // namespace carebench
