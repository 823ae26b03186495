/* text_fold.c - case, width and accent folding without a Unicode database.
 *
 * Letters: ASCII, full-width ASCII, Latin-1, Latin Extended-A and -B, Latin Extended Additional (Vietnamese,
 * pinyin), Greek, Cyrillic. Two strings give the base letter per code point ('.' = none, kept as it is); they
 * come from the NFKD decompositions of Unicode 15. Ligatures and the like give two letters. Combining marks
 * U+0300..036F are dropped, so that decomposed and composed text fold to the same.
 */
#include "core/text.h"

static const char LATIN[] = /* U+00C0..U+024F */
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"
    "lllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "................................oo.............uu..............."
    ".............aaiioouuuuuuuuuu.aaaa..ggggkkoooo..j...gg..nnaa...."
    "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
    "................";
static const char LATIN_MORE[] = /* U+1E00..U+1EFF */
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

static const struct {
    uint32_t cp;
    char to[3];
} PAIRS[] = {
    {0xc6, "ae"},  {0xde, "th"},  {0xdf, "ss"},  {0xe6, "ae"},  {0xfe, "th"},   {0x132, "ij"}, {0x133, "ij"},
    {0x152, "oe"}, {0x153, "oe"}, {0x1c4, "dz"}, {0x1c5, "dz"}, {0x1c6, "dz"},  {0x1c7, "lj"}, {0x1c8, "lj"},
    {0x1c9, "lj"}, {0x1ca, "nj"}, {0x1cb, "nj"}, {0x1cc, "nj"}, {0x1e2, "ae"},  {0x1e3, "ae"}, {0x1f1, "dz"},
    {0x1f2, "dz"}, {0x1f3, "dz"}, {0x1fc, "ae"}, {0x1fd, "ae"}, {0x1e9e, "ss"},
};

static int
fold_latin(uint32_t cp, char base, uint32_t out[2])
{
    out[0] = base != '.' ? (uint32_t)base : cp;
    if (base != '.')
        return 1;
    for (size_t i = 0; i < sizeof(PAIRS) / sizeof(PAIRS[0]); i++)
        if (PAIRS[i].cp == cp) {
            out[0] = (uint32_t)PAIRS[i].to[0];
            out[1] = (uint32_t)PAIRS[i].to[1];
            return 2;
        }
    return 1;
}

/* U+0370..U+03FF; accents stay (only Latin ones are dropped), the final sigma becomes the common one. */
static uint32_t
lower_greek(uint32_t cp)
{
    if ((cp >= 0x391 && cp <= 0x3a9) || cp == 0x3aa || cp == 0x3ab)
        return cp == 0x3a2 ? cp : cp + 0x20;
    switch (cp) {
    case 0x386:
        return 0x3ac;
    case 0x388:
    case 0x389:
    case 0x38a:
        return cp + 0x25;
    case 0x38c:
        return 0x3cc;
    case 0x38e:
    case 0x38f:
        return cp + 0x3f;
    case 0x3c2:
        return 0x3c3;
    default:
        return cp;
    }
}

/* U+0400..U+052F */
static uint32_t
lower_cyrillic(uint32_t cp)
{
    if (cp < 0x410)
        return cp + 0x50;
    if (cp < 0x430)
        return cp + 0x20;
    if (cp == 0x4c0)
        return 0x4cf;
    if (cp >= 0x4c1 && cp <= 0x4ce)
        return cp & 1 ? cp + 1 : cp;
    bool paired = (cp >= 0x460 && cp <= 0x481) || (cp >= 0x48a && cp <= 0x4bf) || cp >= 0x4d0;
    return paired ? cp | 1 : cp;
}

int
text_fold_char(uint32_t cp, uint32_t out[2])
{
    if (cp >= 0xff01 && cp <= 0xff5e) /* full-width ASCII */
        cp -= 0xfee0;
    else if (cp == 0x3000)
        cp = ' ';
    out[0] = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    if (cp >= 0x300 && cp <= 0x36f)
        return 0;
    if (cp >= 0xc0 && cp <= 0x24f)
        return fold_latin(cp, LATIN[cp - 0xc0], out);
    if (cp >= 0x1e00 && cp <= 0x1eff)
        return fold_latin(cp, LATIN_MORE[cp - 0x1e00], out);
    if (cp >= 0x370 && cp <= 0x3ff)
        out[0] = lower_greek(cp);
    else if (cp >= 0x400 && cp <= 0x52f)
        out[0] = lower_cyrillic(cp);
    return 1;
}

void
text_fold(struct strv s, struct strbuf *out)
{
    uint32_t to[2];

    while (s.n) {
        char c = *s.p;

        if ((unsigned char)c < 0x80) {
            strbuf_addc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
            s.p++;
            s.n--;
            continue;
        }
        int n = text_fold_char(utf8_next(&s), to);

        for (int i = 0; i < n; i++)
            utf8_put(out, to[i]);
    }
}
