# SPDX-License-Identifier: ISC
#
# The tables of fold_read.c out of Unicode's data (Debian's unicode-data), as a
# C header on standard output:
#
#	awk -f fold_tables.awk DerivedNormalizationProps.txt UnicodeData.txt \
#	    fold_tables.h.variants
#
# fold_changing  characters that compatibility normalization (NFKC) changes,
#                even where they stand alone
# fold_joining   characters that it may change because of what stands before:
#                marks, and what composes with the character before it
#                (both hold all characters that this Unicode does not know:
#                libunistring may be of a younger one, and is asked)
# fold_simple    a traditional Chinese character and the simplified one, where
#                both are of the basic plane; fold_simple_bits has a bit for
#                each that is there
#
# Of several simplified characters the first one counts that is not the
# character itself: the others are rare ones, in the order of their numbers.
# What is simplified twice is followed to its end, and another form of a
# traditional character (kZVariant; kSemanticVariant in Hong Kong) is simplified
# as that one is.
#
# Unihan has no simplified character for many others that Taiwan, Hong Kong and
# Japan write: 遊, 淨, 週, 気. Of those in common use (kIICore) and not of GB 2312
# each becomes the one character of GB 2312 that it is another form of: by EACC,
# the code of libraries, which gives all forms of a character one place in its
# planes, and by the variants of dictionaries. Where those name two, it stays.

BEGIN { FS = ";" }

function number(hex,    n, i) {
	n = 0
	hex = toupper(hex)
	for (i = 1; i <= length(hex); i++)
		n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
	return n
}

function trimmed(s) {
	sub(/#.*/, "", s)
	gsub(/[ \t]/, "", s)
	return s
}

# "0300..0304" or "0306" into first and last.
function set_range(s,    part) {
	last = split(s, part, /\.\./) == 2 ? number(part[2]) : number(part[1])
	first = number(part[1])
}

FILENAME ~ /DerivedNormalizationProps/ && trimmed($2) == "NFKC_QC" {
	set_range(trimmed($1))
	for (c = first; c <= last; c++)
		if (trimmed($3) == "N")
			changing[c] = 1
		else
			joining[c] = 1
}

# The file is in the order of characters; of a large block it has the first and
# the last.
FILENAME ~ /UnicodeData/ {
	c = number($1)
	if (c > known_end && $2 !~ /, Last>$/) {
		unknown_first[++unknown] = known_end
		unknown_last[unknown] = c - 1
	}
	known_end = c + 1
	if ($4 != "0")
		joining[c] = 1
	if ($6 != "") {
		sub(/^<[^>]*> */, "", $6)
		split($6, part, " ")
		begins[c] = number(part[1])
	}
}

FILENAME ~ /variants$/ && /\tkSimplifiedVariant\t/ {
	split($0, field, "\t")
	simplify(field[1], field[3])
}

# Another form of a character: in Hong Kong, or by its shape alone.
FILENAME ~ /variants$/ && (/\tkZVariant\t/ || \
    (/\tkSemanticVariant\t/ && /kHKGlyph/)) {
	split($0, field, "\t")
	n = split(field[3], part, " ")
	for (i = 1; i <= n; i++) {
		if (field[2] == "kSemanticVariant" && part[i] !~ /kHKGlyph/)
			continue
		sub(/<.*/, "", part[i])
		if (is_basic(field[1]) && is_basic(part[i]))
			forms[number(substr(field[1], 3))] = \
			    forms[number(substr(field[1], 3))] " " \
			    number(substr(part[i], 3))
	}
}

FILENAME ~ /variants$/ && /\tk(Semantic|SpecializedSemantic|Z)Variant\t/ {
	split($0, field, "\t")
	n = split(field[3], part, " ")
	for (i = 1; i <= n; i++) {
		sub(/<.*/, "", part[i])
		if (is_basic(field[1]) && is_basic(part[i]))
			near[number(substr(field[1], 3))] = \
			    near[number(substr(field[1], 3))] " " \
			    number(substr(part[i], 3))
	}
}

FILENAME ~ /variants$/ && /\tkIICore\t/ {
	split($0, field, "\t")
	if (is_basic(field[1]))
		core[number(substr(field[1], 3))] = 1
}

FILENAME ~ /variants$/ && /\tkIRG_GSource\tG0/ {
	split($0, field, "\t")
	plain[number(substr(field[1], 3))] = 1
}

# Planes 21, 27, 2D and so on hold forms of one character at one place; those
# from 69 on are Japan's own characters, which are forms of nothing.
FILENAME ~ /variants$/ && /\tkEACC\t/ {
	split($0, field, "\t")
	n = number(substr(field[3], 1, 2))
	if (is_basic(field[1]) && n < 105) {
		c = number(substr(field[1], 3))
		place[c] = (n - 33) % 6 " " substr(field[3], 3)
		forms_at[place[c]] = forms_at[place[c]] " " c
	}
}

# U+4E00, an ideograph of the basic plane?
function is_basic(code,    n) {
	n = number(substr(code, 3))
	return n >= 13312 && n <= 40959
}

function simplify(code, targets,    n, i, part) {
	n = split(targets, part, " ")
	for (i = 1; i <= n; i++)
		if (part[i] != code) {
			if (is_basic(code) && is_basic(part[i]))
				simple[number(substr(code, 3))] = \
				    number(substr(part[i], 3))
			return
		}
}

function end_of(c,    n) {
	for (n = 0; (c in simple) && n < 4; n++)
		c = simple[c]
	return c
}

# The one character of GB 2312 in a list, simplified where need be; 0: none, or
# several.
function only_plain(list,    n, i, part, c, found) {
	found = 0
	n = split(list, part, " ")
	for (i = 1; i <= n; i++) {
		c = end_of(part[i])
		if (!(c in plain) || c == found)
			continue
		if (found)
			return 0
		found = c
	}
	return found
}

function ranges(name, set,    c, open, is_in, gap) {
	gap = 1
	printf "static const uint32_t %s[][2] = {\n", name
	for (c = 0; c <= 1114112; c++) {
		while (gap <= unknown && c > unknown_last[gap])
			gap++
		is_in = (c in set) || \
		    (gap <= unknown && c >= unknown_first[gap])
		if (is_in && !open)
			printf "\t{0x%X, ", c
		else if (!is_in && open)
			printf "0x%X},\n", c - 1
		open = is_in
	}
	print "};\n"
}

END {
	unknown_first[++unknown] = known_end
	unknown_last[unknown] = 1114111
	for (c in begins)
		for (d = begins[c]; ; d = begins[d]) {
			if (d in joining)
				joining[c] = 1
			if (!(d in begins))
				break
		}
	for (c in simple)
		known[c] = known[simple[c]] = 1
	for (c in forms) {
		n = split(forms[c], part, " ")
		for (i = 1; i <= n && !(c in known); i++)
			if ((part[i] in known) && (part[i] in simple)) {
				also[c] = simple[part[i]]
				break
			}
	}
	for (c in also)
		simple[c] = also[c]
	for (c in core) {
		if ((c in plain) || ((c in simple) && (end_of(c) in plain)))
			continue
		list = near[c]
		if (c in place)
			list = list " " forms_at[place[c]]
		if (only_plain(list))
			found[c] = only_plain(list)
	}
	for (c in found)
		simple[c] = found[c]
	print "/* Made by server/store/functions/fold_tables.awk. */"
	ranges("fold_changing", changing)
	ranges("fold_joining", joining)
	print "static const uint16_t fold_simple[][2] = {"
	for (c = 13312; c <= 40959; c++)
		if ((c in simple) && end_of(c) != c) {
			printf "\t{0x%X, 0x%X},\n", c, end_of(c)
			bits[int((c - 13312) / 32)] += 2 ^ (c % 32)
		}
	print "};\n"
	print "static const uint32_t fold_simple_bits[] = {"
	for (c = 0; c < 864; c++)
		printf "\t0x%X,\n", bits[c]
	print "};"
}
