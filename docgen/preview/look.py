"""How the preview looks: near to the pages of the file, plain enough for any browser."""

STYLE = """
body{max-width:60rem;margin:2rem auto;padding:0 1rem;
font:16px/1.6 "Times New Roman","SimSun",serif;color:#000;overflow-wrap:anywhere}
html{background:#fff;color-scheme:light}
h2,h3,h4,th,.title,.caption,.group{font-family:Arial,"SimHei",sans-serif}
header{text-align:center;margin:3rem 0}.title{font-size:2rem;font-weight:bold;margin:.5rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;border-top:2px solid;
border-bottom:2px solid;font-size:.85rem}
thead th{border-bottom:1px solid;text-align:left}td,th{padding:.2rem .5rem;vertical-align:top}
.form{border:1px solid #595959}.form td,.form th{border:1px solid #595959;text-align:left}
.form th{background:#f2f2f2;width:30%;font-weight:normal}.total{font-weight:bold;border-top:1px solid}
.caption{text-align:center;margin:.5rem 0;white-space:pre-wrap}.group{font-weight:bold;margin:.5rem 0 0}
.note,.more{font-size:.8rem;color:#404040}.blank{border:1px dashed #808080;color:#808080;padding:.5rem}
.item{margin:.2rem 0 .2rem 1.5rem;display:list-item}
.wide{overflow-x:auto;overflow-wrap:normal}
nav p{margin:.2rem 0}.toc2{padding-left:1.5rem}.toc3{padding-left:3rem}
@page{margin:2cm}
@media print{body{max-width:none;margin:0;padding:0;font-size:11pt}
.wide{overflow:visible;overflow-wrap:anywhere}h2,h3,h4,.group{break-after:avoid}tr{break-inside:avoid}nav{break-after:page}}
"""
