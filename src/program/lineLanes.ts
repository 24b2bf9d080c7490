/** The lanes of a subgroup that is neither a quad nor a GPU's: a vector of a processor with AVX2, as Mesa's lavapipe computes. */
export const lineLanes = 8;
