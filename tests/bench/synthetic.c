/* SPDX-License-Identifier: ISC */
/*
 * How often a word stands in real Chinese prose falls with its rank about as
 * 1/rank (Zipf). That is what makes a search expensive or cheap, so it is
 * what the synthetic texts have in common with real ones; what they say is
 * nonsense.
 */
#include "tests/bench/synthetic.h"

#include "base/utf8.h"

enum {
	NAME_FIRST = 0x5000, /* CJK characters for rare names: 4,096 of them */
	NAME_RANGE = 0x1000,
	COMMON_WORDS = 10
};

static const char *const words[] = {"标准", "工作", "企业", "管理", "技术",
    "服务", "产品", "要求", "地方", "国家", "制定", "实施", "单位", "信息",
    "质量", "安全", "部门", "行业", "规范", "检验", "修订", "发布", "组织",
    "方法", "试验", "评价", "农业", "示范", "试点", "推荐", "强制", "团体",
    "公告", "备案", "复审", "废止", "意见", "征求", "委员会", "起草", "归口",
    "术语", "符号", "编号", "分类", "编码", "数据", "平台", "物流", "冷链",
    "椰子", "咖啡", "橡胶", "胡椒", "槟榔", "海洋", "渔业", "旅游", "民宿",
    "酒店", "码头", "港口", "航运", "船舶", "能源", "节能", "环保", "排放",
    "噪声", "水质", "土壤", "食品", "添加剂", "包装", "标签", "追溯", "检疫",
    "通关", "贸易", "壁垒", "通报", "互认", "认证", "认可", "计量", "校准",
    "仪器", "材料", "钢铁", "水泥", "玻璃", "陶瓷", "纺织", "服装", "家具",
    "玩具", "电梯", "消防", "应急", "台风", "气象", "地震", "医疗", "器械",
    "药品", "养老", "托育", "教育", "培训", "竞赛", "软件", "网络", "隐私",
    "密码", "区块链", "机器人", "无人机", "传感器", "卫星", "遥感"};

enum { WORD_COUNT = sizeof(words) / sizeof(*words) };

/* The finalizer of splitmix64 (S. Vigna, public domain), as a hash. */
uint64_t
synthetic_hash(uint64_t row, uint64_t purpose)
{
	uint64_t x = row * 0x9E3779B97F4A7C15u + purpose * 0xD1B54A32D192ED03u;

	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

struct str
synthetic_word(uint64_t hash)
{
	/* The smallest of three dice falls off much as 1/rank does. */
	size_t best = WORD_COUNT;

	for (int i = 0; i < 3; i++) {
		size_t die = (size_t)(hash % WORD_COUNT);
		best = die < best ? die : best;
		hash /= WORD_COUNT;
	}
	return str_from(words[best]);
}

struct str
synthetic_common(uint64_t n)
{
	return str_from(words[n % COMMON_WORDS]);
}

void
synthetic_name(struct buf *out, uint64_t row)
{
	uint64_t hash = synthetic_hash(row / SYNTHETIC_NAMESAKES, 1);

	for (int i = 0; i < 3; i++) {
		utf8_add(out, NAME_FIRST + (uint32_t)(hash % NAME_RANGE));
		hash /= NAME_RANGE;
	}
}

void
synthetic_title(struct buf *out, uint64_t row)
{
	buf_printf(out, "合成数据第 %llu 号：", (unsigned long long)row);
	for (uint64_t i = 0; i < 4; i++)
		buf_str(out, synthetic_word(synthetic_hash(row, 10 + i)));
	if (row % SYNTHETIC_NAMESAKES == 0)
		synthetic_name(out, row);
}

void
synthetic_body(struct buf *out, uint64_t row)
{
	uint64_t count = 70 + synthetic_hash(row, 2) % 140;

	buf_text(out, "本文是合成数据，没有内容。");
	synthetic_name(out, row);
	for (uint64_t i = 0; i < count; i++) {
		if (i % 60 == 59)
			buf_text(out, "。\n\n## 合成数据\n* ");
		else if (i % 9 == 8)
			buf_text(out, i % 18 == 17 ? "。" : "，");
		buf_str(out, synthetic_word(synthetic_hash(row, 100 + i)));
	}
	buf_text(out, "。\n");
}

/* ---- standards ----------------------------------------------------- */

static const char *const prefixes[] = {"GB/T", "GB/T", "GB/T", "GB/T", "GB",
    "GB/Z", "NY/T", "JB/T", "HG/T", "YY/T", "SN/T", "JT/T", "LY/T", "DB46/T",
    "DB44/T", "DB31/T"};

enum { PREFIXES = sizeof(prefixes) / sizeof(*prefixes) };

unsigned
synthetic_busy_class(uint64_t row)
{
	uint64_t family = row / 2;

	return family % 8 == 0 ? (unsigned)(family / 8 % SYNTHETIC_BUSY)
			       : SYNTHETIC_BUSY;
}

unsigned
synthetic_busy_month(uint64_t row)
{
	uint64_t family = row / 2;

	return family % 8 == 1 ? (unsigned)(family / 8 % SYNTHETIC_BUSY)
			       : SYNTHETIC_BUSY;
}

unsigned
synthetic_busy_year(unsigned n)
{
	return 2015 + 4 * n;
}

unsigned
synthetic_year(uint64_t row)
{
	unsigned busy = synthetic_busy_month(row);
	unsigned older = 1996 + (unsigned)(synthetic_hash(row / 2, 20) % 14);
	unsigned later = 5 + (unsigned)(synthetic_hash(row / 2, 21) % 13);

	if (row % 2 == 1 && busy < SYNTHETIC_BUSY)
		return synthetic_busy_year(busy);
	return row % 2 == 0 ? older : older + later;
}

void
synthetic_number(struct buf *out, uint64_t row)
{
	uint64_t family = row / 2;

	buf_printf(out, "%s %llu-%u", prefixes[family % PREFIXES],
	    (unsigned long long)family + 1, synthetic_year(row));
}

void
synthetic_name_of_standard(struct buf *out, uint64_t row)
{
	uint64_t family = row / 2;

	buf_text(out, "合成数据 ");
	for (uint64_t i = 0; i < 4; i++)
		buf_str(out, synthetic_word(synthetic_hash(family, 30 + i)));
	if (row % SYNTHETIC_NAMESAKES == 0)
		synthetic_name(out, row);
	buf_printf(
	    out, " 第 %u 部分", 1 + (unsigned)(synthetic_hash(family, 40) % 9));
}
