"""English and mixed training sentences of our own: templates with names put in, all names marked.

usage: english.py --out FILE [--count 400]
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

NAMES: dict[str, str] = {
    "Company": """
        OpenAI; Microsoft; Alphabet; Google; Meta; Meta Platforms; Amazon; Amazon Web Services; Apple;
        Nvidia; NVIDIA; AMD; Intel; Qualcomm; Broadcom; Micron; Samsung Electronics; SK Hynix; TSMC; ASML;
        Arm; SoftBank; SoftBank Group; Oracle; Salesforce; IBM; Cisco; Tesla; SpaceX; xAI; Anthropic;
        Mistral AI; Cohere; Perplexity; Hugging Face; Databricks; Snowflake; Palantir; CoreWeave; Scale AI;
        Inflection AI; Stability AI; Midjourney; Runway; DeepMind; DeepSeek; Alibaba; Alibaba Cloud;
        Tencent; Baidu; ByteDance; Huawei; Xiaomi; JD.com; Meituan; PDD Holdings; Moonshot AI; Zhipu AI;
        MiniMax; SenseTime; iFlytek; Cambricon; SMIC; YMTC; CATL; BYD; Goldman Sachs; Morgan Stanley;
        JPMorgan Chase; BlackRock; Sequoia Capital; Andreessen Horowitz; Tiger Global; Temasek; HSBC; Bank
        of China; Ant Group; Foxconn; Siemens; SAP; Nexperia; Wingtech Technology; Sony; Toyota; Vertex
        Dynamics; Northlake Robotics Inc.; Harbin Precision Co., Ltd.; Bluefin Capital Partners; Quanta
    """,
    "Person": """
        Sam Altman; Satya Nadella; Jensen Huang; Elon Musk; Sundar Pichai; Mark Zuckerberg; Dario Amodei;
        Demis Hassabis; Ilya Sutskever; Mira Murati; Liang Wenfeng; Robin Li; Jack Ma; Lisa Su; Tim Cook;
        Masayoshi Son; Arthur Mensch; Fei-Fei Li; Yann LeCun; Andrew Ng; Larry Ellison; Gina Raimondo; Janet
        Yellen; Ursula von der Leyen; Margrethe Vestager; Jerome Powell; Christine Lagarde; Altman; Huang;
        Nadella; Musk; Priya Raman; John Whitfield; Chen Wei; Maria Gonzalez; David Sacks
    """,
    "Region": """
        China; the United States; Japan; South Korea; Taiwan; Hong Kong; Singapore; Germany; France; the
        European Union; Britain; the Netherlands; India; Saudi Arabia; Beijing; Shanghai; Shenzhen;
        Hangzhou; California; Texas; Arizona; Silicon Valley; London; Paris; Tokyo; Abu Dhabi; Vietnam;
        Malaysia; Ireland; New York; San Francisco; Dresden; Hokkaido
    """,
    "Model": """
        GPT-4; GPT-4o; GPT-5; o1; o3-mini; ChatGPT; Sora; Claude 3.5 Sonnet; Claude; Claude Opus 4; Gemini;
        Gemini 2.5 Pro; Gemini Ultra; Llama 3; Llama 4; Mixtral 8x7B; Mistral Large; Grok 3; Grok;
        DeepSeek-R1; DeepSeek-V3; R1; V3; Qwen2.5-Max; Qwen3; Kimi K2; GLM-4.5; Ernie 4.5; Ernie Bot;
        Hunyuan; Doubao; Command R+; Phi-4; Gemma 3; Nova Pro; Copilot; Yi-34B
    """,
    "Policy": """
        AI Act; Digital Markets Act; CHIPS and Science Act; Inflation Reduction Act; General Data Protection
        Regulation; Foreign Direct Product Rule; Entity List; Export Control Reform Act; AI Action Plan; AI
        Diffusion Rule; Executive Order 14110; Clean Industrial Deal; Data Security Law; Made in China 2025;
        Cyber Resilience Act
    """,
    "Organization": """
        the Commerce Department; the U.S. Department of Commerce; the Bureau of Industry and Security; the
        SEC; the Federal Trade Commission; the European Commission; the Federal Reserve; the White House;
        the Pentagon; Congress; the Ministry of Commerce; the Cyberspace Administration of China; the
        People's Bank of China; Stanford University; MIT; Tsinghua University; Peking University; Reuters;
        Bloomberg; CNBC; the Financial Times; the Wall Street Journal; the Hong Kong Stock Exchange; Nasdaq;
        the United Nations; the International Monetary Fund; the OECD; the U.S. Treasury; the Japan Fair
        Trade Commission; NATO
    """,
}

TEMPLATES = (
    "{Company} said on Monday it would invest $5 billion in {Company}, the startup behind {Model}.",
    "{Company} and {Company} announced a partnership to build data centers in {Region} and {Region}.",
    "{Person}, chief executive of {Company}, told {Organization} that demand in {Region} remained strong.",
    "{Organization} added {Company} and {Company} to the {Policy}, citing national security.",
    "{Company} released {Model}, which it says outperforms {Model} and {Model} on coding benchmarks.",
    "Shares of {Company} fell 4% after {Organization} opened an antitrust investigation into {Company}.",
    "{Company} acquired {Company} for 1.2 billion euros, according to people familiar with the matter.",
    "Under the {Policy}, companies operating in {Region} must disclose how models such as {Model} are trained.",
    "{Organization} fined {Company} 500 million euros for breaching the {Policy}.",
    "{Person} left {Company} to join {Company}, {Organization} reported.",
    "{Company}'s {Model} competes with {Company}'s {Model} in {Region}.",
    "Researchers at {Organization} and {Organization} fine-tuned {Model} on a single GPU.",
    "{Company} raised $600 million in a Series C round led by {Company}, joined by {Company} and {Company}.",
    "{Person} met {Person} in {Region} to discuss chip exports.",
    "{Organization} is considering new export controls that could hit {Company}, a person briefed on the plan said.",
    "Lawmakers in {Region} passed the {Policy} on Tuesday.",
    "{Company}, based in {Region}, supplies memory chips to {Company} and {Company}.",
    "The {Policy} bans {Company} from selling its accelerators in {Region}.",
    "{Company} plans to open a plant in {Region}, {Person} said in an interview with {Organization}.",
    "{Company} launches {Model}\nby {Person}, {Organization}",
    "{Company} (NASDAQ: ABCD) reported revenue of $12.4 billion, beating estimates.",
    "With {Model}, {Company} takes on {Company}, {Company} and {Company}.",
    "{Organization} approved the merger between {Company} and {Company}.",
    "Why {Region} is betting on {Company}",
    "{Company} will integrate {Model} into its products, {Person} wrote on X.",
    "According to {Organization}, {Person} has invested in {Company}.",
    "{Company}宣布与{Company}合作，在{Region}部署{Model}。",
    "{Company} CEO {Person} 表示，{Model} 的表现超过 {Model}。",
    "{Organization} 批准 {Company} 收购 {Company}。",
    "据{Organization}报道，{Company}正与{Company}洽谈融资。",
    "{Company}发布{Model}，对标{Company}的{Model}。",
    "The company said results would be published next week, and shares were little changed in early trading.",
    "Large language models are expensive to train, and inference costs have become a concern for investors.",
)


def names_of(kind: str) -> list[str]:
    return " ".join(NAMES[kind].split()).split("; ")


def sentence(template: str, chooser: random.Random) -> tuple[str, list[tuple[int, int, str]]]:
    """A template with names in its slots, and where they stand; the article of a name is no part of it."""
    text, names, position = "", [], 0
    used: set[str] = set()
    for slot in re.finditer(r"\{(\w+)\}", template):
        text += template[position : slot.start()]
        name = chooser.choice([n for n in names_of(slot[1]) if n not in used])
        used.add(name)
        if not re.search(r"[A-Za-z] ?$|^$|[.\n] ?$|, ?$|: ?$", text):
            name = name.removeprefix("the ")
        if not text or text.endswith(("\n", ". ")):
            name = name[0].upper() + name[1:]
        article = 4 if name.lower().startswith("the ") else 0
        names.append((len(text) + article, len(text) + len(name), slot[1]))
        text += name
        position = slot.end()
    return text + template[position:], names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=400)
    arguments = parser.parse_args()
    chooser = random.Random(17)
    with arguments.out.open("w", encoding="utf-8") as out:
        for number in range(arguments.count):
            text, names = "", []
            for template in chooser.sample(TEMPLATES, chooser.randint(1, 4)):
                part, found = sentence(template, chooser)
                shift = len(text)
                names += [(start + shift, end + shift, kind) for start, end, kind in found]
                text += part + chooser.choice((" ", " ", "\n"))
            row = {"doc_id": f"english-{number}", "text": text, "names": names, "complete": True}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
