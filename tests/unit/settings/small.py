"""Small registers as text, quick to break and read again: two products, two customers, three people."""

from pathlib import Path

from svc_plugin.settings.reading import Fault, Reader
from svc_plugin.settings.register_build import read_calendar, read_registers
from tests.builders import NOW, TODAY

PEOPLE, PRODUCTS = "registers/people.yaml", "registers/products.yaml"
CUSTOMERS, CALENDAR = "registers/customers.yaml", "registers/calendar.yaml"
RATES, COSTS = "registers/rates.yaml", "registers/costs.yaml"
FILES = {
    CALENDAR: """\
zone: Asia/Shanghai
hours: { monday: [09:00-12:00, 13:00-18:00] }
make_up_hours: [09:00-18:00]
closed: []
open: []
""",
    PEOPLE: """\
- account: zhang.wei
  name: 张伟
  city: 北京
  roles: [leader]
- account: wang.fang
  name: 王芳
  city: 北京
  roles: [service]
  trainings:
    - { kind: product, product: erp, trained_on: 2024-02-20 }
    - { kind: customer_handling, trained_on: 2024-02-27 }
- account: liu.yang
  name: 刘洋
  city: 上海
  roles: [maintenance]
""",
    PRODUCTS: """\
- key: erp
  name: 远航企业管理系统
  kind: contract
  leader: zhang.wei
  service_staff:
    - { account: wang.fang, appointed_by: zhang.wei, appointed_on: 2024-03-01 }
  maintenance_staff:
    - { account: liu.yang, appointed_by: zhang.wei, appointed_on: 2024-03-02 }
  versions: ["5.1", "5.2"]
  handover:
    released_on: 2024-03-08
    team: [孙立军]
    checklist: [{ text: 源代码已入库, done: true }]
  repository: https://git.example/erp
  documents:
    - { version: "5.1", title: 手册, location: https://docs.example/5.1 }
    - { version: "5.2", title: 手册, location: https://docs.example/5.2 }
  channels: { phone: 010-5550 1801, email: erp@example.com }
  capacity_hours: 240
  budget: { maintenance: { labour: 680000 } }
  survey: { every: quarter, sample: 30%, due_day: 20 }
- key: crm
  name: 远航客户关系系统
  kind: self_developed
  leader: zhang.wei
  service_staff:
    - { account: wang.fang, appointed_by: zhang.wei, appointed_on: 2022-01-05 }
  maintenance_staff:
    - { account: liu.yang, appointed_by: zhang.wei, appointed_on: 2022-01-06 }
  versions: ["2.4"]
  retired_on: 2026-06-30
  handover:
    released_on: 2022-02-01
    team: [韩冬]
    checklist: [{ text: 指南已交付, done: true }]
  repository: https://git.example/crm
  channels: { system: https://service.example/crm }
""",
    RATES: """\
people: { liu.yang: 300 }
roles: { service: 180.5 }
""",
    COSTS: """\
- { product: erp, track: service, month: 2026-10, line: travel, amount: 860 }
- { product: erp, track: service, month: 2026-11, line: travel, amount: 120.5 }
""",
    CUSTOMERS: """\
- key: hengtong
  name: 恒通机械有限公司
  city: 北京
  time_zone: Asia/Shanghai
  contacts:
    - { name: 李建国, phone: 010-5550 3311, email: lijg@hengtong.example }
    - { name: 许晓燕, phone: 010-5550 3312 }
  deliveries:
    - { product: erp, version: "5.1", delivered_on: 2024-03-18 }
    - { product: erp, version: "5.2", delivered_on: 2025-03-18 }
    - { product: crm, version: "2.4", delivered_on: 2023-05-20 }
  contracts:
    - {number: C-1, product: erp, starts_on: 2024-03-18, ends_on: 2026-03-17, fee: 1000, service_level: 5×8}
    - {number: C-2, product: erp, starts_on: 2026-03-18, ends_on: 2028-03-17, fee: 1100.5, service_level: 5×8}
- key: ruifeng
  name: 瑞丰食品股份有限公司
  city: 上海
  contracts:
    - {number: C-3, product: erp, starts_on: 2025-01-01, ends_on: 2025-12-31, fee: 900, service_level: 5×8}
""",
}


def read(files: dict[str, str]):
    """The registers that these files make, and what is wrong with them."""
    reader = Reader(Path(), files)
    registers = read_registers(reader, read_calendar(reader, "CN", NOW), TODAY)
    return registers, reader.faults


def broken(name: str, old: str, new: str) -> tuple[int, list[Fault]]:
    """The line at which ``old`` was replaced, and all faults that followed."""
    text = FILES[name]
    assert old in text, f"{old!r} is not in {name}"
    _, faults = read({**FILES, name: text.replace(old, new, 1)})
    return text[: text.index(old)].count("\n") + 1, faults
