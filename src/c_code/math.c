#include "c_code/math.h"

/* The functions, each behind those that it calls. */
typedef enum function {
    BITS,
    FLOAT,
    EXP,
    LOG,
    LOG1P,
    TANH,
    ERF,
    SQRT,
    WHOLE,
    REDUCE,
    SIN,
    COS
} function;

enum { FUNCTIONS = COS + 1 };

static const unsigned called[FUNCTIONS] = {
    [EXP] = 1u << FLOAT,   [LOG] = 1u << BITS | 1u << FLOAT,
    [LOG1P] = 1u << LOG,   [TANH] = 1u << EXP,
    [ERF] = 1u << EXP,     [SQRT] = 1u << BITS | 1u << FLOAT,
    [REDUCE] = 1u << BITS, [SIN] = 1u << REDUCE,
    [COS] = 1u << REDUCE,
};

/*
 * Their sources; "#" is the prefix with "_". The polynomials of exp, log, tanh, sin and cos are
 * those of S. Moshier's Cephes, single precision; those of erf are minimax fits: of erf(x) / x in
 * x^2 up to 1, and of -log(1 - erf(x)) up to 4, from where on erf(x) is 1 in float.
 */
static const char *const sources[FUNCTIONS] = {
    [BITS] = "/* The bits of a float. */\n"
             "static uint32_t #bits(float x) {\n"
             "    union {\n"
             "        float number;\n"
             "        uint32_t bits;\n"
             "    } u;\n"
             "    u.number = x;\n"
             "    return u.bits;\n"
             "}\n",
    [FLOAT] = "/* The float of bits. */\n"
              "static float #float(uint32_t bits) {\n"
              "    union {\n"
              "        float number;\n"
              "        uint32_t bits;\n"
              "    } u;\n"
              "    u.bits = bits;\n"
              "    return u.number;\n"
              "}\n",
    [EXP] = "/* e^x = 2^k e^r with |r| <= log(2) / 2, log(2) in two parts. */\n"
            "static float #expf(float x) {\n"
            "    if (x != x || x > 88.7228394f) {\n"
            "        return x != x ? x : #float(0x7f800000u);\n"
            "    }\n"
            "    if (x < -104.0f) {\n"
            "        return 0.0f;\n"
            "    }\n"
            "    const int k = (int)(x * 1.44269504f + (x < 0.0f ? -0.5f : 0.5f));\n"
            "    const float r = (x - (float)k * 0.693359375f) + (float)k * 2.12194440e-4f;\n"
            "    float y = 1.9875691500e-4f;\n"
            "    y = y * r + 1.3981999507e-3f;\n"
            "    y = y * r + 8.3334519073e-3f;\n"
            "    y = y * r + 4.1665795894e-2f;\n"
            "    y = y * r + 1.6666665459e-1f;\n"
            "    y = y * r + 5.0000001201e-1f;\n"
            "    y = y * r * r + r + 1.0f;\n"
            "    /* 2^k in two factors, so that neither leaves the range of floats. */\n"
            "    const int half = k / 2;\n"
            "    y *= #float((uint32_t)(half + 127) << 23);\n"
            "    return y * #float((uint32_t)(k - half + 127) << 23);\n"
            "}\n",
    [LOG] =
        "/* log(x) = e log(2) + log(1 + m), 1 + m from sqrt(1/2) to sqrt(2). */\n"
        "static float #logf(float x) {\n"
        "    if (!(x > 0.0f) || x > 3.40282347e+38f) {\n"
        "        return x == 0.0f ? -#float(0x7f800000u) : x < 0.0f ? #float(0x7fc00000u) : x;\n"
        "    }\n"
        "    const int small = x < 1.17549435e-38f;\n"
        "    const uint32_t bits = #bits(small ? x * 8388608.0f : x);\n"
        "    float e = (float)((int)(bits >> 23) - 126 - (small ? 23 : 0));\n"
        "    float m = #float((bits & 0x7fffffu) | 0x3f000000u);\n"
        "    e = m < 0.707106781f ? e - 1.0f : e;\n"
        "    m = m < 0.707106781f ? m + m - 1.0f : m - 1.0f;\n"
        "    const float z = m * m;\n"
        "    float y = 7.0376836292e-2f;\n"
        "    y = y * m - 1.1514610310e-1f;\n"
        "    y = y * m + 1.1676998740e-1f;\n"
        "    y = y * m - 1.2420140846e-1f;\n"
        "    y = y * m + 1.4249322787e-1f;\n"
        "    y = y * m - 1.6668057665e-1f;\n"
        "    y = y * m + 2.0000714765e-1f;\n"
        "    y = y * m - 2.4999993993e-1f;\n"
        "    y = y * m + 3.3333331174e-1f;\n"
        "    y = y * m * z - e * 2.12194440e-4f - 0.5f * z;\n"
        "    return m + y + e * 0.693359375f;\n"
        "}\n",
    [LOG1P] = "/* log(1 + x), x from 0 on: what 1 + x loses of x, the quotient makes up for. */\n"
              "static float #log1pf(float x) {\n"
              "    const float sum = 1.0f + x;\n"
              "    if (sum == 1.0f || sum > 16777216.0f) {\n"
              "        return sum == 1.0f ? x : #logf(x);\n"
              "    }\n"
              "    return #logf(sum) * (x / (sum - 1.0f));\n"
              "}\n",
    [TANH] = "static float #tanhf(float x) {\n"
             "    const float size = x < 0.0f ? -x : x;\n"
             "    if (size >= 0.625f) {\n"
             "        const float y = size > 9.1f ? 1.0f : 1.0f - 2.0f / (#expf(2.0f * size) + "
             "1.0f);\n"
             "        return x < 0.0f ? -y : y;\n"
             "    }\n"
             "    const float z = x * x;\n"
             "    float y = -5.70498872745e-3f;\n"
             "    y = y * z + 2.06390887954e-2f;\n"
             "    y = y * z - 5.37397155531e-2f;\n"
             "    y = y * z + 1.33314422036e-1f;\n"
             "    y = y * z - 3.33332819422e-1f;\n"
             "    return y * z * x + x;\n"
             "}\n",
    [ERF] = "static float #erff(float x) {\n"
            "    const float size = x < 0.0f ? -x : x;\n"
            "    float y;\n"
            "    if (!(size > 1.0f)) {\n"
            "        const float z = x * x;\n"
            "        y = 7.889119e-05f;\n"
            "        y = y * z - 8.020841e-04f;\n"
            "        y = y * z + 5.189535e-03f;\n"
            "        y = y * z - 2.6854444e-02f;\n"
            "        y = y * z + 1.12836e-01f;\n"
            "        y = y * z - 3.7612626e-01f;\n"
            "        return x + x * (y * z + 1.28379167e-01f);\n"
            "    }\n"
            "    y = -1.855749e-04f;\n"
            "    y = y * size + 2.9396156e-03f;\n"
            "    y = y * size - 2.1805352e-02f;\n"
            "    y = y * size + 1.0303743e-01f;\n"
            "    y = y * size + 6.382256e-01f;\n"
            "    y = y * size + 1.12704e+00f;\n"
            "    y = y * size + 3.5370892e-04f;\n"
            "    y = size > 4.0f ? 1.0f : 1.0f - #expf(-y);\n"
            "    return x < 0.0f ? -y : y;\n"
            "}\n",
    [SQRT] =
        "/* Newton's method, which doubles the right digits of a first guess from the bits. */\n"
        "static float #sqrtf(float x) {\n"
        "    if (!(x > 0.0f) || x > 3.40282347e+38f) {\n"
        "        return x < 0.0f ? #float(0x7fc00000u) : x;\n"
        "    }\n"
        "    const int small = x < 1.17549435e-38f;\n"
        "    const float a = small ? x * 16777216.0f : x;\n"
        "    float y = #float((#bits(a) >> 1) + 0x1fbd1df5u);\n"
        "    for (int i = 0; i < 3; i++) {\n"
        "        y = 0.5f * (y + a / y);\n"
        "    }\n"
        "    return small ? y * 2.44140625e-4f : y;\n"
        "}\n",
    [WHOLE] = "/* Floats of 2^23 and more are whole. */\n"
              "static float #floorf(float x) {\n"
              "    if (!(x < 8388608.0f && x > -8388608.0f)) {\n"
              "        return x;\n"
              "    }\n"
              "    const float whole = (float)(int32_t)x;\n"
              "    return whole > x ? whole - 1.0f : whole;\n"
              "}\n",
    [REDUCE] =
        "/*\n"
        " * Returns r and *quadrant with x = quadrant pi / 2 + r, |r| <= pi / 4, for every finite\n"
        " * x >= 0: x = m 2^e times 2 / pi, modulo 4, in whole numbers. Of the bits of 2 / pi, "
        "those\n"
        " * are taken that make more than 2^-62 and less than 4 of the product.\n"
        " */\n"
        "static float #reduce(float x, unsigned *quadrant) {\n"
        "    static const uint32_t two_over_pi[8] = {0,           0xa2f9836eu, 0x4e441529u,\n"
        "                                            0xfc2757d1u, 0xf534ddc0u, 0xdb629599u,\n"
        "                                            0x3c439041u, 0xfe5163abu};\n"
        "    const uint32_t bits = #bits(x);\n"
        "    if (x < 0.785398163f || !(x <= 3.40282347e+38f)) {\n"
        "        *quadrant = 0u;\n"
        "        return x < 0.785398163f ? x : x - x; /* NaN */\n"
        "    }\n"
        "    const uint64_t m = (bits & 0x7fffffu) | 0x800000u;\n"
        "    const unsigned start = (unsigned)(bits >> 23) - 120u, shift = start % 32u;\n"
        "    uint64_t words[3];\n"
        "    for (unsigned i = 0; i < 3u; i++) {\n"
        "        const uint32_t *const at = two_over_pi + start / 32u + i;\n"
        "        words[i] = ((((uint64_t)at[0] << 32) | at[1]) >> (32u - shift)) & 0xffffffffu;\n"
        "    }\n"
        "    uint64_t product = ((m * words[0]) << 32) + m * words[1] + ((m * words[2]) >> 32);\n"
        "    const uint64_t turns = (product + ((uint64_t)1 << 61)) >> 62;\n"
        "    *quadrant = (unsigned)turns;\n"
        "    product -= turns << 62;\n"
        "    const int negative = (product >> 63) != 0u;\n"
        "    const float r = (float)(negative ? (uint64_t)0 - product : product) * "
        "3.40612158e-19f;\n"
        "    return negative ? -r : r; /* times pi / 2 and 2^-62 */\n"
        "}\n"
        "\n"
        "static float #sine(float x, unsigned quadrant) {\n"
        "    const float z = x * x;\n"
        "    float y;\n"
        "    if (quadrant % 2u == 0u) {\n"
        "        y = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * x + "
        "x;\n"
        "    } else {\n"
        "        y = (2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + "
        "4.166664568298827e-2f;\n"
        "        y = y * z * z - 0.5f * z + 1.0f;\n"
        "    }\n"
        "    return (quadrant & 2u) != 0u ? -y : y;\n"
        "}\n",
    [SIN] = "static float #sinf(float x) {\n"
            "    unsigned quadrant;\n"
            "    const float r = #reduce(x < 0.0f ? -x : x, &quadrant);\n"
            "    const float y = #sine(r, quadrant);\n"
            "    return x < 0.0f ? -y : y;\n"
            "}\n",
    [COS] = "static float #cosf(float x) {\n"
            "    unsigned quadrant;\n"
            "    const float r = #reduce(x < 0.0f ? -x : x, &quadrant);\n"
            "    return #sine(r, quadrant + 1u);\n"
            "}\n",
};

/* What a function of one number calls. */
static const unsigned needs_of_unary[] = {
    [SNUG_SQRT] = 1u << SQRT,
    [SNUG_EXP] = 1u << EXP,
    [SNUG_LOG] = 1u << LOG,
    [SNUG_SIN] = 1u << SIN,
    [SNUG_COS] = 1u << COS,
    [SNUG_TANH] = 1u << TANH,
    [SNUG_ERF] = 1u << ERF,
    [SNUG_SIGMOID] = 1u << EXP,
    [SNUG_IS_NAN] = 0,
    [SNUG_ROUND_DOWN] = 1u << WHOLE,
    [SNUG_SOFTPLUS] = 1u << EXP | 1u << LOG1P,
};

static unsigned needs_of(const snug_graph_node *node) {
    switch (node->operation) {
    case SNUG_OPERATION_UNARY:
        return needs_of_unary[node->function];
    case SNUG_OPERATION_ELU:
    case SNUG_OPERATION_SOFTMAX:
        return 1u << EXP;
    case SNUG_OPERATION_LOG_SOFTMAX:
        return 1u << EXP | 1u << LOG;
    default:
        return 0;
    }
}

/* Returns the functions that the graph needs, as bits. */
static unsigned find_needs(const snug_c_program *p) {
    unsigned needs = 0;
    for (size_t v = 0; v < p->model->graph->count; v++) {
        needs |= needs_of(snug_c_node(p, v));
    }
    return needs;
}

bool snug_c_calls_math(const snug_c_program *p) {
    return find_needs(p) != 0;
}

void snug_c_write_math_functions(snug_c_program *p) {
    unsigned needs = find_needs(p);
    for (unsigned i = FUNCTIONS; i-- > 0;) {
        needs |= (needs >> i & 1) != 0 ? called[i] : 0;
    }
    for (unsigned i = 0; i < FUNCTIONS; i++) {
        if ((needs >> i & 1) != 0) {
            snug_c_write_math(p, sources[i]);
            fputc('\n', p->file);
        }
    }
}
